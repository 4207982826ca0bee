#pragma once

// What a robot does when its observations fail to come.

#include <cstdint>
#include <string_view>

namespace motet {

enum class SafetyState : std::uint8_t {
  running,  // the policy acts
  holding,  // the last controls again
  damping,  // efforts and velocities go to zero
  stopped,  // for good: it has to be activated again
};

enum class StopReason : std::uint8_t {
  none,
  stale_observation,  // none has come for too long
  bad_observation,    // what came is not finite, or cannot be, for too long
  bad_action,         // what the policy says is not a number
  missed_deadlines,   // the loop was late too often
  emergency_stop,     // somebody asked for it
  another_master,     // somebody else commands the robot
  finished,           // its time is over, or it was interrupted
};

std::string_view name(SafetyState state);
std::string_view name(StopReason reason);

// Seconds without a good observation.
struct WatchLimits {
  double hold_after = 0.04;
  double damp_after = 0.1;
  double stop_after = 0.5;
  int most_missed = 5;  // deadlines, one after the other
};

// Real-time safe.
class Watch {
 public:
  explicit Watch(const WatchLimits& limits) : limits_(limits) {}

  // Once a tick. `age`: of the newest observation that was any good; `good`: whether what came last is.
  SafetyState observe(double age, bool good) noexcept;
  // Whether the tick began after it should have ended.
  SafetyState deadline(bool missed) noexcept;
  SafetyState stop(StopReason reason) noexcept;
  // A reason that stands above all others: it rests at once.
  SafetyState stop_at_once(StopReason reason) noexcept;
  bool at_once() const noexcept { return at_once_; }

  SafetyState state() const noexcept { return state_; }
  StopReason reason() const noexcept { return reason_; }

 private:
  WatchLimits limits_;
  SafetyState state_ = SafetyState::running;
  StopReason reason_ = StopReason::none;
  int missed_ = 0;
  bool at_once_ = false;
};

}  // namespace motet
