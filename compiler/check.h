#pragma once

#include <optional>

#include "compiler/graph.h"
#include "language/modules.h"

namespace motet {

// Resolves and checks a loaded program: names, types, units, models (M03xx-M05xx), and the rules of
// composition and layering (M02xx). All errors of all modules are reported. Returns a graph unless
// there are errors. Skills that are declared and never used are part of the graph, those with
// parameters by their instances.
std::optional<PolicyGraph> check(const Program& program, const SourceMap& sources, Diagnostics& diagnostics);

// The environment of a world by itself (`skill` null: with every reward without parameters that
// fits it, as reward terms) or of a skill moved to another world.
std::optional<Environment> environment_in(const Program& program, const SourceMap& sources,
                                          const PolicyGraph& graph, std::string_view world,
                                          const SkillNode* skill, Diagnostics& diagnostics);

}  // namespace motet
