// What this version can plan and not train.

#include "compiler/lower_skill.h"

namespace motet {

std::string why_not_executable(const SkillNode& skill) {
  if (skill.kind == SkillPlan::Kind::composed) return "compositions are not trained yet";
  if (skill.kind == SkillPlan::Kind::imported) return "trained skills are not imported yet";
  if (skill.over) return "skills over others are not trained yet";
  if (skill.start_from) return "`start from` is not trained yet";
  if (skill.algorithm != "sac") return "`learn " + skill.algorithm + "` is not trained yet";
  if (skill.policy_kind != "gaussian") return "`policy " + skill.policy_kind + "` is not trained yet";
  return {};
}

}  // namespace motet
