#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace motet {

// Durations from a nanosecond to ten seconds, twenty to a decade. Allocates nothing; real-time safe.
class Histogram {
 public:
  void add(double seconds) noexcept {
    const double place = std::log10(std::max(seconds, least) / least) * per_decade;
    ++counts_[std::min(static_cast<std::size_t>(place), counts_.size() - 1)];
    ++total_;
    worst_ = std::max(worst_, seconds);
  }

  std::int64_t total() const noexcept { return total_; }
  double worst() const noexcept { return worst_; }
  // At most this much is what a part of all took, to a tenth of it; 0 where there is none.
  double percentile(double part) const noexcept {
    std::int64_t below = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      below += counts_[i];
      if (total_ > 0 && static_cast<double>(below) >= part * static_cast<double>(total_))
        return std::min(worst_, least * std::pow(10, (static_cast<double>(i) + 1) / per_decade));
    }
    return worst_;
  }

 private:
  static constexpr double least = 1e-9;
  static constexpr double per_decade = 20;
  std::array<std::int64_t, 200> counts_{};
  std::int64_t total_ = 0;
  double worst_ = 0;
};

}  // namespace motet
