#pragma once

// A robot of one joint for the control loop, and time that passes when it is told to.

#include <functional>
#include <map>

#include "runtime/bundle/untrained.h"
#include "runtime/control/loop.h"

namespace motet::test {

// A motor on an axle: observes (position, velocity); `kind` of actuator, 50 Hz; a policy of each kind, from
// the top, each held for `hold` steps of the one below.
inline Bundle axle_bundle(ActuatorContract::Kind kind = ActuatorContract::Kind::effort,
                          const std::vector<PolicyKind>& policies = {PolicyKind::gaussian},
                          std::int64_t hold = 1, std::uint64_t seed = 3) {
  Random random(seed);
  std::vector<PolicyShape> shapes;
  for (const PolicyKind policy : policies)
    shapes.push_back({.kind = policy, .observation_size = 2, .action_size = 1, .hidden = {8}});
  Bundle bundle = untrained_bundle(shapes, hold, random);
  for (LayerWeights& weights : bundle.weights)
    for (float& value : weights.parameters.values()) value += 0.3f * static_cast<float>(random.normal());
  Contract& contract = bundle.contract;
  contract.joints = {
      {.name = "axle", .type = JointContract::Type::hinge, .limited = true, .low = -2, .high = 2}};
  contract.actuators = {{.name = "motor", .joint = "axle", .kind = kind}};
  contract.robot.actuators = {{"motor", -1, 1}};
  contract.observe.loads = {{{SignalKind::joint_pos, "axle", {}, 1}, 0},
                            {{SignalKind::joint_vel, "axle", {}, 1}, 1}};
  return bundle;
}

class FakeClock final : public Clock {
 public:
  double now() noexcept override { return time; }
  void sleep_until(double until) noexcept override {
    if (until > time) time = until;
    if (woken) woken();
  }
  double time = 100;
  std::function<void()> woken;  // after each sleep
};

// Says what its fields say, and keeps what is written.
class FakeLink final : public Link {
 public:
  explicit FakeLink(FakeClock& of) : clock(of) { written.reserve(100'000); }
  Status configure(const Contract&, const std::vector<SignalRef>& signals) override {
    for (const SignalRef& signal : signals) values.push_back(initial[signal.name]);
    return refuses_configuration ? Status(Error{"no such joint"}) : Status();
  }
  Status activate() override {
    active = !refuses_activation;
    return refuses_activation ? Status(Error{"another master"}) : Status();
  }
  void deactivate() noexcept override { active = false; }
  bool read(std::span<double> out, double& age) noexcept override {
    std::copy(values.begin(), values.end(), out.begin());
    age = clock.time - measured_at;
    if (fresh) age = 0;
    return speaks;
  }
  void write(std::span<const double> controls) noexcept override { written.push_back(controls[0]); }
  StopReason stop_requested() noexcept override {
    return stop ? StopReason::emergency_stop : StopReason::none;
  }

  FakeClock& clock;
  std::map<std::string, double> initial;
  std::vector<double> values;
  std::vector<double> written;
  bool speaks = true, stop = false, active = false, refuses_configuration = false, refuses_activation = false;
  bool fresh = true;  // its values are of now; else of `measured_at`
  double measured_at = 0;
};

}  // namespace motet::test
