#pragma once

// Skills that were trained before, from the plan of the run that trained them.

#include <filesystem>
#include <string>

#include "compiler/lower_skill.h"

namespace motet {

// What is trained in a run's folder: `folder` is the run's, and then the skill is the one of this name or
// the only one, or the skill's own folder in it, RUN/skills/NAME.
struct TrainedSkill {
  SkillPlan plan;
  std::filesystem::path folder;  // RUN/skills/NAME
};
Result<TrainedSkill> find_trained(const std::filesystem::path& folder, const std::string& name);

// The plan of a skill `from` a folder, under its name here. Adds M0221 where none can be read.
SkillPlan lower_imported(const PolicyGraph& graph, const SkillNode& skill, const SkillLowering& context);

}  // namespace motet
