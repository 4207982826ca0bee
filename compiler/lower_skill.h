#pragma once

#include <string>
#include <vector>

#include "compiler/lower.h"
#include "compiler/lower_settings.h"

namespace motet {

struct SkillLowering {
  const OutsideSettings& settings;
  const SourceMap& sources;
  const std::vector<std::filesystem::path>& library;
  Diagnostics& diagnostics;
};

// All of a skill's plan but its hash.
SkillPlan lower_skill(const PolicyGraph& graph, const SkillNode& skill, const SkillLowering& context);

// The skills that a skill stands on directly: under it, its parts, what it starts from.
std::vector<std::size_t> skills_below(const SkillNode& skill);

}  // namespace motet
