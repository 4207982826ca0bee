#pragma once

#include <optional>

#include "compiler/graph.h"
#include "language/diagnostic.h"

namespace motet {

// What stands in the way of training this skill in this version, and where it is written (M07xx);
// nothing, where it can be trained. Looks at the skill itself, not at those below it.
std::optional<Diagnostic> not_executable(const PolicyGraph& graph, const SkillNode& skill);

}  // namespace motet
