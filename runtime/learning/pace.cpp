#include "runtime/learning/pace.h"

namespace motet {

bool Pace::mark(std::int64_t step) {
  const Clock::time_point now = Clock::now();
  if (!marks_.empty() && now - marks_.back().time < std::chrono::milliseconds(250)) return false;
  if (marks_.empty()) first_ = {now, step};
  last_ = {now, step};
  marks_.push_back(last_);
  while (marks_.size() > 2 && now - marks_[1].time > std::chrono::seconds(5)) marks_.pop_front();
  return true;
}

void Pace::leave_out(double seconds) {
  const auto time = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (Mark& mark : marks_) mark.time += time;
}

double Pace::overall() const {
  const double seconds = std::chrono::duration<double>(last_.time - first_.time).count();
  return seconds > 0 ? static_cast<double>(last_.step - first_.step) / seconds : 0;
}

double Pace::steps_per_second() const {
  if (marks_.size() < 2) return 0;
  const double seconds = std::chrono::duration<double>(marks_.back().time - marks_.front().time).count();
  return static_cast<double>(marks_.back().step - marks_.front().step) / seconds;
}

}  // namespace motet
