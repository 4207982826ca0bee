#include "runtime/learning/pace.h"

namespace motet {

bool Pace::mark(std::int64_t step) {
  const Clock::time_point now = Clock::now();
  if (!marks_.empty() && now - marks_.back().time < std::chrono::milliseconds(250)) return false;
  marks_.push_back({now, step});
  while (marks_.size() > 2 && now - marks_[1].time > std::chrono::seconds(5)) marks_.pop_front();
  return true;
}

double Pace::steps_per_second() const {
  if (marks_.size() < 2) return 0;
  const double seconds = std::chrono::duration<double>(marks_.back().time - marks_.front().time).count();
  return static_cast<double>(marks_.back().step - marks_.front().step) / seconds;
}

}  // namespace motet
