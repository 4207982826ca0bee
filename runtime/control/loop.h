#pragma once

// Read, act, limit, write, at a fixed rate from an absolute clock.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/control/command_limits.h"
#include "runtime/control/controller.h"
#include "runtime/control/histogram.h"
#include "runtime/control/link.h"
#include "runtime/control/plausibility.h"
#include "runtime/control/watch.h"
#include "runtime/recording/recorder.h"

namespace motet {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual double now() noexcept = 0;  // s, which never go back
  virtual void sleep_until(double time) noexcept = 0;
};

// CLOCK_MONOTONIC; `speed` times as fast, beside a simulated robot that is.
class MonotonicClock final : public Clock {
 public:
  explicit MonotonicClock(double speed = 1) : speed_(speed) {}
  double now() noexcept override;
  void sleep_until(double time) noexcept override;

 private:
  double speed_;
};

// Locks this process's memory and asks for SCHED_FIFO for this thread. Says what the system does not permit.
std::vector<std::string> enter_real_time();

// Threads that are made while this lives get SCHED_FIFO, below that of the loop, where the system permits it:
// those that carry messages. This thread is as it was after.
class RealTimeThreads {
 public:
  RealTimeThreads();
  ~RealTimeThreads();
  RealTimeThreads(const RealTimeThreads&) = delete;
  RealTimeThreads& operator=(const RealTimeThreads&) = delete;

 private:
  int policy_ = 0, priority_ = 0;
};

// Looks on, once a tick. Real-time safe.
class TickObserver {
 public:
  virtual ~TickObserver() = default;
  // After the controller's tick, where `state` is running: else the policy did not act. True ends the run.
  virtual bool tick(const Controller& controller, SafetyState state) noexcept = 0;
};

struct LoopOptions {
  WatchLimits watch;
  std::map<std::string, ControlLimit> limits;  // by actuator
  std::map<std::string, JointRange> ranges;    // by joint
  double ramp = 0.5;       // s, in which efforts and velocities go to zero where it damps or ends
  bool keep_link = false;  // active at the end, for the next loop
  double seconds = 0;      // after which it ends; 0: never
};

// What asks it to end, from a signal's handler or another thread.
struct LoopRequests {
  std::atomic<bool> finish{false};     // ramps down
  std::atomic<bool> emergency{false};  // rests at once
};

struct LoopReport {
  std::int64_t ticks = 0, overruns = 0;
  std::int64_t held = 0, damped = 0;  // ticks in which the policy did not act
  std::int64_t bad = 0;               // observations that cannot be
  int last_bad = -1;                  // the signal of the controller's that could not
  double seconds = 0;
  Histogram lateness, age;                       // of a tick; of the observation that it acts upon
  Histogram reading, acting, limiting, writing;  // what each phase took
  std::vector<std::int64_t> clipped;             // by actuator
  SafetyState state = SafetyState::running;
  StopReason reason = StopReason::none;
};

class Loop {
 public:
  // The controller, the link and the clock outlive the loop.
  Loop(Controller& controller, Link& link, Clock& clock, const LoopOptions& options);

  // What a frame holds, one a tick: time, how late it began, the age of the observation, what the tick's work
  // took (s), the state of the watch, whether the policy acted; then what was measured, observed, each
  // layer's latent, the action, and the controls before and after the limits.
  std::vector<std::string> columns() const;

  // Configures and activates the link: refused while a check fails, and before anything moves.
  Status activate();
  // Before run(): each tick, as a frame of columns(). The recorder outlives the loop.
  void record_to(Recorder& recorder) { recorder_ = &recorder; }
  // Before run(). The observer outlives the loop.
  void observe_with(TickObserver& observer) { observer_ = &observer; }
  // After activate(): until it is stopped, its time is over or it is asked to end; then ramps down and hands
  // the robot back. Allocates nothing and waits for no lock.
  const LoopReport& run(const LoopRequests& requests) noexcept;

  // From any thread: the report as it was within the last half second of a run.
  LoopReport snapshot() const;

 private:
  double next(double due, double now) const noexcept;
  void tick(double now, double due) noexcept;
  void look(double now) noexcept;
  void ask_to_stop() noexcept;
  void damp(double part) noexcept;
  void settle(double part) noexcept;
  bool is_still() const noexcept;
  bool rests() const noexcept;
  void write() noexcept;
  void ramp_down(double due) noexcept;
  void record(double now, double due, double busy) noexcept;
  void publish() noexcept;

  Controller& controller_;
  Link& link_;
  Clock& clock_;
  LoopOptions options_;
  Watch watch_;
  CommandLimits limits_;
  Plausibility plausible_;
  LoopReport report_;
  double period_;
  std::vector<double> arrived_, measured_, controls_, asked_, rest_, frame_;
  std::vector<JointMeasurement> joints_;
  const LoopRequests* requested_ = nullptr;
  Recorder* recorder_ = nullptr;
  TickObserver* observer_ = nullptr;
  bool active_ = false, begins_ = false;
  std::int64_t damped_ = 0;  // ticks, one after the other
  double begin_ = 0;
  double last_good_ = 0;  // when what is acted upon was measured
  mutable std::mutex shared_lock_;
  LoopReport shared_;
};

}  // namespace motet
