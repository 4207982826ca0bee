#pragma once

// The hyperparameters of a skill, and the structs that the runtime reads them from.

#include <string_view>
#include <vector>

#include "compiler/plan/plan.h"

namespace motet {

// The keys that a skill's training depends on, sorted: `learn.ALGORITHM.*`, `policy.KIND.*`,
// `train.*`. A temperature that is not learnt has no first value and no target entropy.
std::vector<std::string_view> hyperparameter_keys(std::string_view algorithm, std::string_view policy_kind,
                                                  bool learned_temperature);

// Resolved hyperparameters as structs. What is not among the values keeps the struct's default; all
// values fit their schema, and `learn.sac.target_entropy` is a number.
SacSettings sac_settings(const Hyperparameters& values);
SqlSettings sql_settings(const Hyperparameters& values);
ExtractionSettings extraction_settings(const Hyperparameters& values);
TrainSettings train_settings(const Hyperparameters& values);
// The policy and the settings of a skill's algorithm, from its hyperparameters; its algorithm, policy.kind and
// policy.below are known.
void resolve_settings(SkillPlan& skill);
RunSettings run_settings(const Hyperparameters& values);

}  // namespace motet
