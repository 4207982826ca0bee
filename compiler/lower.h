#pragma once

#include "compiler/graph.h"
#include "compiler/settings.h"

namespace motet {

// The policy graph and the settings, resolved to a plan. Paths of models become relative to the
// program's root ("project/arm.xml") or the library's ("library/robots/hopper.xml"). The plan is
// whole unless diagnostics are added: M0602 and M0603 (a value that does not fit), M0607 (a model
// outside both roots), M0608 and M0609 (settings that contradict each other). An error: a model file
// that cannot be read.
Result<Plan> lower(const PolicyGraph& graph, const OutsideSettings& settings, const SourceMap& sources,
                   const std::vector<std::filesystem::path>& library, Diagnostics& diagnostics);

// One environment by itself, for `motet run --policy` and `motet eval --in`. A model outside both
// roots keeps its own path, which the runtime refuses; `model_hash` is empty where a model cannot be
// read.
EnvironmentPlan lower_environment(const PolicyGraph& graph, const Environment& environment,
                                  const std::vector<std::filesystem::path>& library);

}  // namespace motet
