#pragma once

// How fast a training goes.

#include <chrono>
#include <cstdint>
#include <deque>

namespace motet {

class Pace {
 public:
  // Notes where the training is, at most four times a second: false where it was too soon.
  bool mark(std::int64_t step);
  // Over the last five seconds, without what was left out; 0 before two marks.
  double steps_per_second() const;
  // Since the first mark, with all that took time; 0 before two marks.
  double overall() const;
  // That long something else was done, such as an evaluation.
  void leave_out(double seconds);
  // Since this was made.
  double seconds() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Mark {
    Clock::time_point time;
    std::int64_t step;
  };

  Clock::time_point started_ = Clock::now();
  std::deque<Mark> marks_;
  Mark first_, last_;
};

}  // namespace motet
