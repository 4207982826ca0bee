// Worlds with the rewards of skills in them.

#include <algorithm>
#include <limits>

#include "compiler/check/skill.h"

namespace motet::checking {

std::size_t Skills::reward_index(const std::string& name, Span span) {
  const auto [known, is_new] = reward_of_name_.emplace(name, rewards_.size());
  if (is_new) rewards_.push_back({name, span});
  return known->second;
}

// The world's environment, to be changed. Nothing, where the program is too large for one more.
std::optional<Environment> Skills::copy_of(const CheckedWorld& world, Span use) {
  if (context_.budget.spend(world.environment.terms.size())) {
    Environment environment = world.environment;
    environment.world = world.index;
    return environment;
  }
  if (!std::exchange(context_.budget.reported, true)) {
    context_.report.add(
        {.code = Code::M0313,
         .message = "the worlds of the program, with their rewards, unfold to too much",
         .primary = {use, "the limit is reached here"},
         .notes = {"all together they may come to " + std::to_string(Budget::whole_program) + " numbers"}});
  }
  return std::nullopt;
}

void Skills::set_reward(CheckedSkill& skill) {
  if (skill.world == nullptr || !skill.world->sound) {
    // What can be said without a model.
    TermTable terms;
    const Scenery nowhere = without_world(context_);
    Elaborator elaborator(context_.shared(), terms, skill.world != nullptr ? skill.world->scenery : nowhere);
    reward_of(skill, elaborator);
    return;
  }
  auto copied = copy_of(*skill.world, skill.node.span);
  if (!copied) return;
  Environment environment = std::move(*copied);
  Elaborator elaborator(context_.shared(), environment.terms, skill.world->scenery,
                        skill.world->elaborator.get());
  const Value reward = reward_of(skill, elaborator);
  if (skill.phantom || (!reward.known() && !has_imported_part(skill))) return;
  put_reward(environment, skill, reward);
  skill.node.environment = std::move(environment);
}

// As reward_of has just found it, with those of the parts of a composition.
void Skills::put_reward(Environment& environment, const CheckedSkill& skill, const Value& reward) {
  if (reward.known()) {
    environment.reward = reward.term;
    set_reward_terms(environment, reward);
  }
  if (!skill.node.composition) return;
  for (const std::size_t part : parts_of(*skill.node.composition)) {
    const auto value = part_rewards_.find(part);
    if (value != part_rewards_.end() && value->second.known())
      environment.part_rewards.push_back({all_[part].node.name, value->second.term});
  }
}

// What a trained skill was rewarded for is not known here.
bool Skills::has_imported_part(const CheckedSkill& skill) const {
  if (skill.node.kind == SkillPlan::Kind::imported) return true;
  return std::ranges::any_of(skill.parts,
                             [&](const SkillUse& part) { return has_imported_part(all_[part.skill]); });
}

// In the order in which the program names them.
void Skills::set_reward_terms(Environment& environment, const Value& reward) {
  if (reward.mix == nullptr) return;
  std::vector<RewardMix::const_pointer> terms;
  for (const auto& term : *reward.mix) terms.push_back(&term);
  std::ranges::sort(terms, {}, [](RewardMix::const_pointer term) { return term->second.rank; });
  for (const auto* term : terms) {
    const auto& [name, part] = *term;
    environment.reward_terms.push_back({reward_index(name, part.span), part.weight, part.term});
  }
}

Value Skills::reward_of(const CheckedSkill& skill, Elaborator& elaborator) {
  if (skill.node.composition) {
    part_rewards_.clear();
    return reward_of(*skill.node.composition, skill.node.span, elaborator);
  }
  const auto item = skill.find<syntax::MaximizeItem>();
  if (!item) return Value::unknown();
  const Frame frame = frame_for(item.body->module, item.body->bindings, elaborator);
  return elaborator.number(item->reward, frame, Place::reward);
}

// `&`: the weighted mean of the parts' rewards (Eq. 6.1). `|`: the largest, which is the soft maximum's
// limit.
Value Skills::reward_of(const CompositionNode& node, Span span, Elaborator& elaborator) {
  if (node.kind == CompositionNode::Kind::skill) {
    const CheckedSkill& skill = all_[node.skill];
    if (const auto known = part_rewards_.find(node.skill); known != part_rewards_.end()) return known->second;
    Value value = Value::unknown();
    if (skill.node.composition)
      value = reward_of(*skill.node.composition, skill.node.span, elaborator);
    else if (skill.node.kind == SkillPlan::Kind::learned)
      value = reward_of(skill, elaborator);
    part_rewards_.emplace(node.skill, value);
    return value;
  }
  std::vector<Value> values;
  std::vector<double> weights;
  for (const CompositionNode& child : node.children) {
    values.push_back(reward_of(child, span, elaborator));
    weights.push_back(child.weight);
  }
  if (node.kind == CompositionNode::Kind::both) return elaborator.weighted_mean(values, weights, span);
  return elaborator.largest(values, span);
}

// What the skill sees, in a world that need not be its own: what the robot sees, and what its own world
// adds.
Value Skills::observation_of(const CheckedSkill& skill, const CheckedWorld& world, TermTable& terms) {
  std::vector<Value> parts;
  Elaborator robot(context_.shared(), terms, world.robot_scenery);
  Elaborator own(context_.shared(), terms, world.scenery, world.elaborator.get());
  const auto add = [&](Elaborator& elaborator, DeclaredId from, const auto& items) {
    const Frame frame{.module = context_.scope[from].module};
    for (const auto* item : items)
      for (const syntax::Expr& term : item->terms)
        parts.push_back(elaborator.numbers(term, frame, Place::observation));
  };
  add(robot, world.robot->id, world.robot->observes);
  add(own, skill.world->id, skill.world->observes);
  if (parts.empty()) return Value::unknown_number();
  return own.concatenated(parts, skill.node.span);
}

bool Skills::fits(const CheckedSkill& skill, const CheckedWorld& world, Label place) {
  if (skill.world == &world || skill.world == nullptr || !skill.world->sound || !world.sound) return true;
  return moved(skill, world, std::move(place)).has_value();
}

std::optional<Environment> Skills::moved(const CheckedSkill& skill, const CheckedWorld& world, Label place) {
  auto copied = copy_of(world, place.span);
  if (!copied) return std::nullopt;
  Environment environment = std::move(*copied);
  std::vector<Diagnostic> errors;
  Value observation = Value::unknown(), reward = Value::unknown();
  {
    const Report::Aside aside(context_.report);
    observation = observation_of(skill, world, environment.terms);
    Elaborator elaborator(context_.shared(), environment.terms, world.scenery, world.elaborator.get());
    reward = reward_of(skill, elaborator);
    errors = aside.taken();
  }
  const auto complain = [&](std::string message, std::vector<Label> labels) {
    context_.report.add({.code = Code::M0219,
                         .message = std::move(message),
                         .primary = std::move(place),
                         .secondary = std::move(labels),
                         .help = {"all that " + ticked(skill.node.name) +
                                  " sees and is rewarded for must exist in " + ticked(world.node.name)}});
  };
  const std::string what =
      ticked(skill.node.name) + " does not fit into the world " + ticked(world.node.name);
  for (const Diagnostic& error : errors) {
    if (error.severity() != Severity::error) continue;
    complain(what + ": " + error.message, {error.primary});
    return std::nullopt;
  }
  if (observation.known() && skill.world->observed) {
    const Environment& own = skill.world->environment;
    const std::uint32_t length = own.terms[own.observation].length;
    if (length != observation.length) {
      complain(what + ": it sees " + std::to_string(length) + " numbers in its own, and would see " +
                   std::to_string(observation.length),
               {{skill.world->node.span, "its own world"}, {world.node.span, "the other"}});
      return std::nullopt;
    }
  }
  if (observation.known()) environment.observation = observation.term;
  put_reward(environment, skill, reward);
  return environment;
}

std::vector<DeclaredId> Skills::plain_rewards() const {
  std::vector<DeclaredId> rewards;
  for (const DeclaredId id :
       context_.scope.visible_ids(static_cast<std::uint32_t>(context_.program.main), Space::value)) {
    const Declared& declared = context_.scope[id];
    if (declared.kind == Declared::Kind::reward && !declared.has_parameters) rewards.push_back(id);
  }
  return rewards;
}

void Skills::name_rewards() {
  for (const DeclaredId id : plain_rewards())
    reward_index(context_.scope.display_name(id), context_.scope[id].name->span);
}

Environment Skills::with_rewards(const CheckedWorld& world) {
  Environment environment = world.environment;
  environment.world = world.index;
  Elaborator elaborator(context_.shared(), environment.terms, world.scenery, world.elaborator.get());
  for (const DeclaredId id : plain_rewards()) {
    const Report::Aside aside(context_.report);
    const Value value = elaborator.declared(id, Place::reward);
    if (!value.known() || aside.errors() > 0) continue;
    const std::size_t index = reward_index(context_.scope.display_name(id), context_.scope[id].name->span);
    environment.reward_terms.push_back({index, 1, value.term});
  }
  return environment;
}

}  // namespace motet::checking
