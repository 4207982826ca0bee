#pragma once

// The skills that another one stands on, frozen, in a world (Alg. 4).

#include <filesystem>
#include <string>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/simulation/world.h"

namespace motet {

// Control steps that an action of the skill is kept for: its `hold` of steps of the skill below, which may
// hold its own.
std::int64_t held_steps(const Plan& plan, const SkillPlan& skill);

// Embeds the policies below `skill` in a world that it is to act in; nothing where it stands on none. They
// see, by name, the numbers that they were trained on, whatever else the world observes. Returns the SHA-256
// of their parameters, or an empty text. Errors: a layer that is not trained, or has changed since, or
// whose observation is not there.
Result<std::string> embed_lower_layers(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of,
                                       World& world);

Result<std::string> lower_layers_digest(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of);

// What a checkpoint of the skill says of the layers below it, and the comparison with those that are there.
void sign_lower_layers(Archive& archive, const std::string& digest);
Status check_lower_layers(const Archive& archive, const SkillPlan& skill, const std::string& digest);

}  // namespace motet
