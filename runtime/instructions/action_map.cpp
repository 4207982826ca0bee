#include "runtime/instructions/action_map.h"

#include <algorithm>
#include <cmath>

namespace motet {

ActionMap::ActionMap(const RobotPlan& robot)
    : coordinates_(robot.action),
      action_(robot.action.size()),
      limited_(action_.size()),
      mapped_(action_.size()) {
  for (const LimitPlan& limit : robot.limits) {
    if (limit.kind != LimitPlan::Kind::action_rate) continue;
    const double most = limit.high * robot.control_period;
    most_ = most_ > 0 ? std::min(most_, most) : most;
  }
}

void ActionMap::rest() {
  std::fill(action_.begin(), action_.end(), 0.0);
  std::fill(limited_.begin(), limited_.end(), 0.0);
  map();
}

bool ActionMap::take(std::span<const float> asked) {
  if (!std::all_of(asked.begin(), asked.end(), [](float a) { return std::isfinite(a); })) return false;
  for (std::size_t i = 0; i < action_.size(); ++i) {
    action_[i] = std::clamp(static_cast<double>(asked[i]), -1.0, 1.0);
    limited_[i] = most_ > 0 ? std::clamp(action_[i], limited_[i] - most_, limited_[i] + most_) : action_[i];
  }
  map();
  return true;
}

// [-1, 1] to [low, high].
void ActionMap::map() {
  for (std::size_t i = 0; i < mapped_.size(); ++i) {
    const ActionCoordinate& coordinate = coordinates_[i];
    const double middle = (coordinate.high + coordinate.low) / 2;
    const double half = (coordinate.high - coordinate.low) / 2;
    mapped_[i] = middle + half * limited_[i];
  }
}

}  // namespace motet
