// From an action of the policy to physics steps.

#include "runtime/simulation/world_parts.h"

namespace motet {

void WorldParts::advance(Physics& physics, Random& random) {
  for (int substep = 0; substep < physics.substeps(); ++substep) {
    if (!drive) {
      physics.advance(action.mapped());
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
