#include "runtime/control/watch.h"

namespace motet {

std::string_view name(SafetyState state) {
  switch (state) {
    case SafetyState::running:
      return "running";
    case SafetyState::holding:
      return "holding";
    case SafetyState::damping:
      return "damping";
    case SafetyState::stopped:
      break;
  }
  return "stopped";
}

std::string_view name(StopReason reason) {
  switch (reason) {
    case StopReason::none:
      return "nothing";
    case StopReason::stale_observation:
      return "no observation has come for too long";
    case StopReason::bad_observation:
      return "what is observed is not finite or out of its range";
    case StopReason::bad_action:
      return "the policy's action is not a number";
    case StopReason::missed_deadlines:
      return "too many deadlines were missed";
    case StopReason::emergency_stop:
      return "an emergency stop";
    case StopReason::another_master:
      return "another master commands the robot";
    case StopReason::finished:
      break;
  }
  return "it was to end";
}

SafetyState Watch::observe(double age, bool good) noexcept {
  if (state_ == SafetyState::stopped) return state_;
  // Written so that an age that is not a number stops it.
  if (!(age < limits_.stop_after))
    return stop(good ? StopReason::stale_observation : StopReason::bad_observation);
  state_ = !(age < limits_.damp_after)   ? SafetyState::damping
           : !(age < limits_.hold_after) ? SafetyState::holding
                                         : SafetyState::running;
  return state_;
}

SafetyState Watch::deadline(bool missed) noexcept {
  missed_ = missed ? missed_ + 1 : 0;
  return missed_ > limits_.most_missed ? stop(StopReason::missed_deadlines) : state_;
}

SafetyState Watch::stop(StopReason reason) noexcept {
  if (state_ != SafetyState::stopped) reason_ = reason;
  return state_ = SafetyState::stopped;
}

SafetyState Watch::stop_at_once(StopReason reason) noexcept {
  if (!at_once_) reason_ = reason;
  at_once_ = true;
  return state_ = SafetyState::stopped;
}

}  // namespace motet
