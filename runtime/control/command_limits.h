#pragma once

// What no control exceeds, whatever a policy says: enforced after it and before the wire.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/bundle/contract.h"

namespace motet {

// Of one control, beyond what the contract has: from a link's file.
struct ControlLimit {
  double low = -1e300, high = 1e300;  // in the actuator's unit
  double rate = 1e300;                // most change a second
  std::optional<double> rest;         // where it is brought at the end
};

// A joint as it is measured.
struct JointMeasurement {
  double position = 0, velocity = 0;  // m or rad, m/s or rad/s
};

// Allocates when made, never after; real-time safe.
class CommandLimits {
 public:
  // `extra`: by the actuator's name.
  CommandLimits(const Contract& contract, const std::map<std::string, ControlLimit>& extra);

  // Controls as they may be written:
  //   effort    its joint's limits on effort; and none that turns a joint further that is beyond a limit on
  //   its
  //             position or velocity
  //   position  the joint's limits on position, its velocity limit as a rate
  //   velocity  the joint's limits on velocity; and none further where it is beyond a limit on its position
  //   each      its range, the extra limits, and a rate, from the control before
  // Those that are not numbers become the control before. `joints`: of each actuator's joint; empty where
  // they are not measured. `period`: s since the last call; infinite: at
  // any rate.
  void apply(std::span<double> controls, std::span<const JointMeasurement> joints, double period) noexcept;
  // From here on the rate is measured.
  void begin(std::span<const double> controls) noexcept;
  std::span<const double> last() const noexcept { return last_; }

  // The range of a control when nothing is measured.
  double low(std::size_t i) const noexcept { return bounds_[i].low; }
  double high(std::size_t i) const noexcept { return bounds_[i].high; }
  // Controls that were changed, by actuator.
  std::span<const std::int64_t> clipped() const noexcept { return clipped_; }

 private:
  struct Bounds {
    ActuatorContract::Kind kind;
    double direction = 1;          // of the joint, when the control is positive: the sign of gear
    double low, high, rate;        // of the control
    double joint_low, joint_high;  // of the joint's position
    double velocity_low, velocity_high;
  };
  static Bounds bounds_of(const ActuatorContract& actuator, const Contract& contract,
                          const ControlLimit& extra);

  std::vector<Bounds> bounds_;
  std::vector<double> last_;
  std::vector<std::int64_t> clipped_;
};

}  // namespace motet
