#pragma once

#include "compiler/graph.h"
#include "compiler/plan/plan.h"
#include "language/diagnostic.h"

namespace motet {

// Whether a skill's parts, and what it starts from, are such as it needs them: the robot, the actions, what
// they see, their networks. Those below `skill` are in the plan. Adds M0204, M0205, M0216 and M0222.
void check_contract(const Plan& plan, const SkillPlan& skill, const SkillNode& node,
                    Diagnostics& diagnostics);

}  // namespace motet
