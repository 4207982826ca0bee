#pragma once

#include <string>

#include "compiler/plan/model_roots.h"
#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/bundle/bundle.h"
#include "runtime/learning/checkpoint.h"

namespace motet {

// A trained skill with all that it stands on, as a bundle without files. `roots`: where the run's models are.
// Errors: a policy that is not trained, or was trained over others than those that are there; a model that
// cannot be read.
Result<Bundle> make_bundle(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of,
                           const ModelRoots& roots);

// A policy as a robot collects with it: its program gives the reward and the end of an episode, too. The
// skill stands over no other.
Result<Bundle> make_collecting_bundle(const Plan& plan, const SkillPlan& skill, const ModelRoots& roots,
                                      const PolicyShape& shape, std::span<const float> parameters);

}  // namespace motet
