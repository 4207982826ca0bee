#pragma once

#include "compiler/graph.h"
#include "compiler/settings.h"

namespace motet {

// The policy graph and the settings, resolved to a plan. Paths of models become relative to the
// program's root ("project/arm.xml") or the library's ("library/robots/hopper.xml"). Errors: M06xx.
Result<Plan> lower(const PolicyGraph& graph, const OutsideSettings& settings, const SourceMap& sources,
                   const std::vector<std::filesystem::path>& library, Diagnostics& diagnostics);

// One environment by itself, for `motet run --policy` and `motet eval --in`.
EnvironmentPlan lower_environment(const PolicyGraph& graph, const Environment& environment,
                                  const std::vector<std::filesystem::path>& library);

}  // namespace motet
