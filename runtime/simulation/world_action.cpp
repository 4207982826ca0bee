// From an action of the policy to physics steps.

#include <algorithm>
#include <cmath>

#include "runtime/simulation/world_parts.h"

namespace motet {

void WorldParts::rest(const RobotPlan& robot) {
  std::fill(action.begin(), action.end(), 0.0);
  std::fill(limited.begin(), limited.end(), 0.0);
  map_action(robot);
}

bool WorldParts::take_action(const RobotPlan& robot, std::span<const float> asked) {
  if (!std::all_of(asked.begin(), asked.end(), [](float a) { return std::isfinite(a); })) return false;
  for (std::size_t i = 0; i < action.size(); ++i) {
    action[i] = std::clamp(static_cast<double>(asked[i]), -1.0, 1.0);
    limited[i] = action_step > 0 ? std::clamp(action[i], limited[i] - action_step, limited[i] + action_step)
                                 : action[i];
  }
  map_action(robot);
  return true;
}

// [-1, 1] to [low, high].
void WorldParts::map_action(const RobotPlan& robot) {
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    const ActionCoordinate& coordinate = robot.action[i];
    const double middle = (coordinate.high + coordinate.low) / 2;
    const double half = (coordinate.high - coordinate.low) / 2;
    mapped[i] = middle + half * limited[i];
  }
}

void WorldParts::advance(Physics& physics, Random& random) {
  for (int substep = 0; substep < physics.substeps(); ++substep) {
    if (!drive) {
      physics.advance(mapped);
      continue;
    }
    if (substep > 0 && drive_needs_refresh) physics.refresh();
    drive->evaluator.evaluate(drive->signals, &random);
    for (std::size_t i = 0; i < controls.size(); ++i) controls[i] = drive->evaluator.output(commands[i])[0];
    physics.advance(controls);
  }
  physics.refresh();
}

}  // namespace motet
