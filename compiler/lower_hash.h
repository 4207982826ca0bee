#pragma once

#include <string>

#include "compiler/plan/plan.h"

namespace motet {

// SHA-256, in hex, of the slice of a plan that a skill's training depends on: the skill, everything
// below it (whose hashes are known), its hyperparameters' values and the contents of its model files.
// Not in it: where values came from, names of worlds, units, the checkpoint interval, and the seed,
// threads and device of the run.
std::string slice_hash(const Plan& plan, const SkillPlan& skill);

}  // namespace motet
