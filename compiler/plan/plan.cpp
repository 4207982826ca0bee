#include "compiler/plan/plan.h"

#include <algorithm>
#include <cctype>

#include "compiler/plan/composition.h"
#include "compiler/plan/sha256.h"

namespace motet {

const Hyperparameter* Hyperparameters::find(std::string_view key) const {
  for (const Hyperparameter& value : all)
    if (value.key == key) return &value;
  return nullptr;
}

const SkillPlan* Plan::find(std::string_view skill) const {
  const auto named = std::ranges::find(skills, skill, &SkillPlan::name);
  if (named != skills.end()) return &*named;
  for (const SkillPlan& known : skills)
    if (std::ranges::find(known.aliases, skill) != known.aliases.end()) return &known;
  return nullptr;
}

namespace {

std::size_t nodes_of(const Plan& plan, const Composition& composition, std::size_t limit) {
  std::size_t nodes = 1;
  if (composition.kind == Composition::Kind::skill) {
    const SkillPlan* part = plan.find(composition.skill);
    if (part == nullptr || part->composition.empty()) return nodes;
    const auto inner = parse_composition(part->composition);
    return inner ? nodes + nodes_of(plan, *inner, limit) : nodes;
  }
  for (const Composition& child : composition.children) {
    if (nodes >= limit) break;
    nodes += nodes_of(plan, child, limit - nodes);
  }
  return nodes;
}

}  // namespace

bool is_too_large(const Plan& plan, const SkillPlan& skill) {
  if (skill.composition.empty()) return false;
  const auto composition = parse_composition(skill.composition);
  return composition && nodes_of(plan, *composition, most_composition_nodes + 1) > most_composition_nodes;
}

std::vector<const SkillPlan*> layers_started_from(const Plan& plan, const SkillPlan& skill) {
  std::vector<const SkillPlan*> layers;
  const SkillPlan* layer = skill.start_from.empty() ? nullptr : plan.find(skill.start_from);
  while (layer != nullptr && layers.size() <= plan.skills.size()) {
    layers.push_back(layer);
    if (layer->over == skill.over) return layers;
    layer = layer->over.empty() ? nullptr : plan.find(layer->over);
  }
  return {};
}

void resolve_layers(Plan& plan) {
  for (SkillPlan& skill : plan.skills) {
    if (skill.kind == SkillPlan::Kind::imported) continue;  // it keeps those that it was trained with
    std::vector<LayerPlan>& below = skill.policy.below;
    below.clear();
    for (const SkillPlan* layer : layers_started_from(plan, skill)) {
      // The uppermost is the skill's own.
      if (layer->name != skill.start_from)
        below.push_back({layer->policy.hidden, layer->policy.couplings, layer->policy.units});
      below.insert(below.end(), layer->policy.below.begin(), layer->policy.below.end());
      if (below.size() >= most_layers) break;
    }
  }
}

std::string skill_folder(const std::string& skill) {
  std::string name;
  bool changed = false;
  for (const char c : skill) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
    changed = changed || !plain;
    if (plain)
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  if (name.size() > 60) name.resize(60), changed = true;
  while (!name.empty() && name.back() == '_' && changed) name.pop_back();
  return changed ? name + "-" + sha256_hex(skill).substr(0, 8) : name;
}

namespace {

int size_of(const std::vector<ActionCoordinate>& action) {
  return static_cast<int>(action.size());
}

std::string policy_step(const SkillPlan& skill) {
  return "policy " + skill.name + " (" + (skill.kind == SkillPlan::Kind::imported ? "imported, " : "") +
         skill.policy.kind + ")";
}

// From the action in [-1, 1] to the actuators.
void add_robot_steps(const RobotPlan& robot, std::vector<ChainStep>& chain) {
  const int m = size_of(robot.action);
  if (robot.drive) {
    chain.push_back({"scale to ranges", m, m});
    chain.push_back({"drive", m, static_cast<int>(robot.actuators.size())});
  } else {
    chain.push_back({"scale to actuators", m, m});
  }
  const int driven = chain.back().output;
  if (!robot.limits.empty()) chain.push_back({"limits", driven, driven});
}

}  // namespace

std::vector<ChainStep> execution_chain(const Plan& plan, const SkillPlan& skill) {
  const int n = skill.environment.observation_size;
  const int m = size_of(skill.environment.robot.action);
  std::vector<ChainStep> chain = {{"observe", n, n}, {policy_step(skill), n, m}};
  const SkillPlan* upper = &skill;
  // A plan is acyclic; the bound holds for one that is not.
  for (std::size_t layer = 0; layer < plan.skills.size() && !upper->over.empty(); ++layer) {
    if (upper->hold > 1) chain.push_back({"hold " + std::to_string(upper->hold) + " steps", m, m});
    const SkillPlan* lower = plan.find(upper->over);
    if (lower == nullptr) break;
    chain.push_back({policy_step(*lower), m, m});
    upper = lower;
  }
  add_robot_steps(skill.environment.robot, chain);
  return chain;
}

}  // namespace motet
