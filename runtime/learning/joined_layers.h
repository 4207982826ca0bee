#pragma once

// Layers that were trained one over the other, as one policy.

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/engine/parameters.h"
#include "runtime/learning/checkpoint.h"

namespace motet {

// The parameters of the flow that the layers are which `skill` starts from (layers_started_from(), several):
// at every observation it is what the stack is. Numbers that a layer has not seen begin with weights of zero.
// Errors: a layer that is not trained, or whose observation is not there.
Result<AlignedFloats> join_layers(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of);

}  // namespace motet
