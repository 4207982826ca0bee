#include "runtime/control/command_limits.h"

#include <algorithm>
#include <cmath>

namespace motet {
namespace {

constexpr double no_limit = 1e300;

struct Range {
  double low = -no_limit, high = no_limit;

  void tighten(double l, double h) {
    low = std::max(low, l);
    high = std::min(high, h);
  }
};

// The program's limits of one kind on a joint; those on every joint, too.
Range limits_on(const RobotPlan& robot, LimitPlan::Kind kind, const std::string& joint) {
  Range range;
  for (const LimitPlan& limit : robot.limits)
    if (limit.kind == kind && (limit.joint.empty() || limit.joint == joint))
      range.tighten(limit.low, limit.high);
  return range;
}

// A joint's range as one of controls, of which each is worth `scale` of it.
Range scaled(const Range& range, double scale) {
  if (!(std::abs(scale) > 0)) return {};
  const double a = range.low / scale, b = range.high / scale;
  return {std::max(std::min(a, b), -no_limit), std::min(std::max(a, b), no_limit)};
}

}  // namespace

CommandLimits::Bounds CommandLimits::bounds_of(const ActuatorContract& actuator, const Contract& contract,
                                               const ControlLimit& extra) {
  using Kind = ActuatorContract::Kind;
  Range position = limits_on(contract.robot, LimitPlan::Kind::joint_pos, actuator.joint);
  const Range velocity = limits_on(contract.robot, LimitPlan::Kind::joint_vel, actuator.joint);
  const Range effort = limits_on(contract.robot, LimitPlan::Kind::joint_torque, actuator.joint);
  const auto joint = std::find_if(contract.joints.begin(), contract.joints.end(),
                                  [&](const JointContract& each) { return each.name == actuator.joint; });
  if (joint != contract.joints.end() && joint->limited) position.tighten(joint->low, joint->high);

  Range control;
  control.tighten(actuator.low, actuator.high);
  control.tighten(extra.low, extra.high);
  double rate = extra.rate;
  if (!actuator.joint.empty()) {
    Range own;
    if (actuator.kind == Kind::effort) own = scaled(effort, actuator.gear * actuator.gain);
    if (actuator.kind == Kind::position) {
      own = scaled(position, 1 / actuator.gear);
      const double fastest = std::min(std::abs(velocity.low), std::abs(velocity.high));
      if (fastest < no_limit) rate = std::min(rate, fastest * std::abs(actuator.gear));
    }
    if (actuator.kind == Kind::velocity) own = scaled(velocity, 1 / actuator.gear);
    control.tighten(own.low, own.high);
  }
  // Limits that leave nothing leave the control that is nearest to none.
  if (control.low > control.high) control.low = control.high = std::clamp(0.0, control.high, control.low);
  const double direction = actuator.gear * (actuator.kind == Kind::effort ? actuator.gain : 1) < 0 ? -1 : 1;
  return {actuator.kind, direction,     control.low,  control.high, rate,
          position.low,  position.high, velocity.low, velocity.high};
}

CommandLimits::CommandLimits(const Contract& contract, const std::map<std::string, ControlLimit>& extra)
    : last_(contract.actuators.size()), clipped_(contract.actuators.size()) {
  for (const ActuatorContract& actuator : contract.actuators) {
    const auto own = extra.find(actuator.name);
    bounds_.push_back(bounds_of(actuator, contract, own == extra.end() ? ControlLimit{} : own->second));
  }
}

void CommandLimits::begin(std::span<const double> controls) noexcept {
  std::copy(controls.begin(), controls.end(), last_.begin());
}

void CommandLimits::apply(std::span<double> controls, std::span<const JointMeasurement> joints,
                          double period) noexcept {
  using Kind = ActuatorContract::Kind;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    const Bounds& bounds = bounds_[i];
    const double asked = controls[i];
    double value = std::isfinite(asked) ? asked : last_[i];
    value = std::clamp(value, last_[i] - bounds.rate * period, last_[i] + bounds.rate * period);
    value = std::clamp(value, bounds.low, bounds.high);
    const bool moves = bounds.kind == Kind::effort || bounds.kind == Kind::velocity;
    if (moves && i < joints.size()) {
      const JointMeasurement& joint = joints[i];
      const bool too_high = joint.position > bounds.joint_high ||
                            (bounds.kind == Kind::effort && joint.velocity > bounds.velocity_high);
      const bool too_low = joint.position < bounds.joint_low ||
                           (bounds.kind == Kind::effort && joint.velocity < bounds.velocity_low);
      const double towards = value * bounds.direction;
      if ((too_high && towards > 0) || (too_low && towards < 0))
        value = std::clamp(0.0, bounds.low, bounds.high);
    }
    if (value != asked) ++clipped_[i];
    controls[i] = last_[i] = value;
  }
}

}  // namespace motet
