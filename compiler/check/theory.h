#pragma once

// What the theory of maximum-entropy policies says about composing and layering skills.

#include "compiler/check/skill.h"

namespace motet::checking {

// Decides the policies that are left open: a flow where another skill stands over it; else what the
// learner, or the parts, ask for.
void resolve_policies(Skills& skills);
// Layers over policies that cannot be inverted; parts with different robots, action spaces, discounts
// or temperatures; parts that are nearly deterministic; holds that do not divide the horizon.
void check_theory(Context& context, Skills& skills);
// Rewards that never read the state, samples that nothing observes.
void check_information(Context& context, Skills& skills);

}  // namespace motet::checking
