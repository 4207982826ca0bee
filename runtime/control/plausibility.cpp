#include "runtime/control/plausibility.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace motet {
namespace {

constexpr double largest = 1e6;

JointRange range_of(const std::string& joint, const Contract& contract,
                    const std::map<std::string, JointRange>& ranges) {
  const auto given = ranges.find(joint);
  if (given != ranges.end()) return given->second;
  JointRange range;
  for (const JointContract& each : contract.joints) {
    if (each.name != joint || !each.limited) continue;
    const double margin = (each.high - each.low) / 2;
    range.low = each.low - margin;
    range.high = each.high + margin;
  }
  return range;
}

}  // namespace

Plausibility::Plausibility(const Contract& contract, const std::vector<SignalRef>& signals,
                           const std::map<std::string, JointRange>& ranges) {
  std::size_t place = 0;
  for (const SignalRef& signal : signals) {
    Check check{place, signal.length, -largest, largest, signal.kind == SignalKind::body_quat};
    const JointRange range = range_of(signal.name, contract, ranges);
    if (signal.kind == SignalKind::joint_pos && signal.length == 1) {
      check.low = std::max(check.low, range.low);
      check.high = std::min(check.high, range.high);
    }
    if (signal.kind == SignalKind::joint_vel && signal.length == 1) {
      check.low = std::max(check.low, -range.fastest);
      check.high = std::min(check.high, range.fastest);
    }
    constexpr double turn = std::numbers::pi + 1e-6;
    if (signal.kind == SignalKind::body_roll || signal.kind == SignalKind::body_pitch ||
        signal.kind == SignalKind::body_yaw) {
      check.low = -turn;
      check.high = turn;
    }
    checks_.push_back(check);
    place += signal.length;
  }
}

int Plausibility::first_bad(std::span<const double> values) const noexcept {
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    const Check& check = checks_[i];
    const auto part = values.subspan(check.place, check.length);
    double squares = 0;
    bool good = true;
    for (const double value : part) {
      good = good && value >= check.low && value <= check.high;  // not so for a NaN
      squares += value * value;
    }
    if (check.rotation) good = good && std::abs(std::sqrt(squares) - 1) <= 0.1;
    if (!good) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace motet
