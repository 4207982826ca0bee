#pragma once

// What a control step of a world costs beside the bare simulator.

#include <cstdint>

#include "compiler/plan/result.h"
#include "runtime/instructions/random.h"
#include "runtime/simulation/world.h"

namespace motet {

struct StepCost {
  std::int64_t steps = 0;  // control steps that were timed
  int substeps = 1;        // physics steps in each
  double world = 0;        // s of this thread's time a control step, by World::step
  double simulator = 0;    // s a control step, by as many calls of mj_step alone
  // The largest distance between a position of the world and the simulator's at the end of a stretch:
  // 0 where both did the same. Not 0 where controls change within a step (`drive`) or a velocity is
  // limited, which mj_step alone does not do.
  double apart = 0;

  double overhead() const { return world / simulator - 1; }
};

// Takes `steps` control steps from a reset on, with actions drawn uniformly, in stretches of a hundred
// or less. After each stretch mj_step takes the same physics steps from the same state with the same
// controls, so that both meet the same contacts and the same load of the machine. Errors: a world
// without a MuJoCo model, a simulation that becomes unstable.
Result<StepCost> measure_step_cost(World& world, std::int64_t steps, Random random);

}  // namespace motet
