#pragma once

// A simulated robot that speaks as one of hardware does: its joints and its inertial unit over DDS, commands
// by the topics of ROS 2's controllers. What stands between it and a policy is then the real thing.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "compiler/plan/model_roots.h"
#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/twin/channel.h"

namespace motet {

struct TwinOptions {
  int domain = 0;        // of DDS
  double rate = 0;       // Hz, of what it says of itself; 0: that of its control steps, at least 100
  ChannelFaults faults;  // of what it says, and of what it hears
  double noise =
      0;  // standard deviation of its positions, m or rad; of velocities ten times as much, a second
  double speed = 1;       // of its time, to ours
  double mass_error = 0;  // 0.1: every body is a tenth heavier than its model has it
  std::uint64_t seed = 1;
};

// What it has done so far.
struct TwinReport {
  double time = 0;              // s since it began
  std::int64_t commands = 0;    // that it followed
  std::int64_t refused = 0;     // of another master than the one that it follows
  std::int64_t late_steps = 0;  // physics steps that began more than a step late
  std::int64_t resets = 0;
  std::array<double, 3> position{};  // m, of the body that moves freely
  std::string trouble;               // what made the simulation unstable, the last time
};

class Twin {
 public:
  // `environment` outlives the twin. Errors: a model that cannot be read, a robot without joints, no network.
  static Result<std::unique_ptr<Twin>> make(const EnvironmentPlan& environment, const ModelRoots& roots,
                                            const TwinOptions& options);
  ~Twin();

  // In real time, until `stop`. `on_report` is called about once a second.
  void run(const std::atomic<bool>& stop, const std::function<void(const TwinReport&)>& on_report = {});
  // One physics step, without waiting: for tests. `now`: s, of any clock that goes on.
  void step(double now);
  const TwinReport& report() const;

 private:
  struct State;
  explicit Twin(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace motet
