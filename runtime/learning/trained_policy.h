#pragma once

#include <filesystem>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/engine/matrix.h"
#include "runtime/engine/policy_inference.h"

namespace motet {

// The policy of a trained skill.
struct TrainedPolicy {
  PolicyShape shape;
  AlignedFloats parameters;
  std::vector<float> noise;  // [K, m]: a sampler's noise is one of these; empty where it is drawn anew
};

// From the skill's folder. Errors: it is not trained, or not as the plan has it.
Result<TrainedPolicy> read_policy(const SkillPlan& skill, const std::filesystem::path& folder);
// From its checkpoint, which lies in that folder.
Result<TrainedPolicy> read_policy(const SkillPlan& skill, const Archive& checkpoint,
                                  const std::filesystem::path& folder);

}  // namespace motet
