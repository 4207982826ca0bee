#pragma once

// Skills: instances of the declarations, with the worlds they run in and what they stand on.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/context.h"

namespace motet::checking {

// Items of a skill, in the module and with the arguments that their names are looked up in.
struct Body {
  std::uint32_t module = 0;
  Bindings bindings;
  const std::vector<syntax::Item>* items = nullptr;
};

// An item and where it comes from.
template <typename T>
struct Found {
  const T* item = nullptr;
  const Body* body = nullptr;

  explicit operator bool() const { return item != nullptr; }
  const T* operator->() const { return item; }
};

struct SkillUse {
  std::size_t skill = 0;
  Span span;  // of the reference
};

struct CheckedSkill {
  SkillNode node;
  std::vector<Body> bodies = {};        // of `upper over lower`: its own, then that of `upper`
  const CheckedWorld* world = nullptr;  // null: imported, or after an error
  bool phantom = false;                 // of a declaration checked by itself: no part of the graph
  bool layered = false;                 // it stands over another
  bool root = false;                    // the main module declares it
  int height = 1;                       // of what it stands on and is made of, and itself
  std::vector<SkillUse> parts = {};     // of a composition
  std::optional<SkillUse> lower = {}, start = {};

  template <typename T>
  Found<T> find() const {
    for (const Body& body : bodies)
      if (const T* item = find_item<T>(*body.items)) return {item, &body};
    return {};
  }
  bool acts_in_same_space(const CheckedSkill& other) const {
    return world->robot == other.world->robot && node.over == other.node.over &&
           node.hold == other.node.hold;
  }
};

class Skills {
 public:
  explicit Skills(Context& context) : context_(context) {}

  // Every declaration that takes no arguments, and the instances that they need; then, by themselves,
  // those with parameters that nothing uses.
  void check_all();

  std::deque<CheckedSkill>& all() { return all_; }
  const std::deque<CheckedSkill>& all() const { return all_; }
  const std::vector<RewardNode>& rewards() const { return rewards_; }
  const CheckedSkill* find(std::string_view name) const;

  // The world with the skill's observation and reward in it. Nothing, where something that they read
  // is not there: the first error is reported at `place` (M0219).
  std::optional<Environment> moved(const CheckedSkill& skill, const CheckedWorld& world, Label place);
  // The world with every reward in it that has no parameters and fits.
  Environment with_rewards(const CheckedWorld& world);
  // Numbers all rewards without parameters, after those that skills maximize: with_rewards() shows them.
  void name_rewards();
  // The index of the named reward; makes it.
  std::size_t reward_index(const std::string& name, Span span);

 private:
  using SkillExpr = syntax::SkillExpr;
  using Index = std::optional<std::size_t>;

  // skill.cpp
  Index instance(DeclaredId id, Bindings bindings, Span use);
  Index make(DeclaredId id, Bindings bindings);
  Index add(CheckedSkill skill);
  Index learned(CheckedSkill skill);
  Index imported(CheckedSkill skill, DeclaredId id);
  void learned_items(CheckedSkill& skill);
  bool find_world(CheckedSkill& skill);
  bool put_into(CheckedSkill& skill, const CheckedWorld* world);
  void set_reward(CheckedSkill& skill);
  bool has_imported_part(const CheckedSkill& skill) const;
  void set_reward_terms(Environment& environment, const Value& reward);
  void put_reward(Environment& environment, const CheckedSkill& skill, const Value& reward);
  void word_items(CheckedSkill& skill);
  void hold(CheckedSkill& skill);
  void start(CheckedSkill& skill);
  void check_by_itself(DeclaredId id);
  bool raise(CheckedSkill& skill, std::size_t below);
  void stand(CheckedSkill& skill);

  // skill_expression.cpp
  Index resolve(const SkillExpr& expression, const Body& body);
  Index reference(const SkillExpr& expression, const Body& body);
  Index layer(CheckedSkill skill, const SkillExpr& expression, const Body& body);
  Index composed(CheckedSkill skill, const SkillExpr& expression, const Body& body);
  Index alias(DeclaredId id, const syntax::Skill& syntax, const Body& body);
  Index anonymous(const SkillExpr& expression, const Body& body);
  void acts_as_its_parts(CheckedSkill& skill);
  std::optional<CompositionNode> composition(const SkillExpr& expression, const Body& body,
                                             CheckedSkill& skill);
  std::optional<double> weight(const SkillExpr& expression, const Body& body);
  std::optional<Bindings> arguments(const SkillExpr& expression, const Declared& declared, const Body& body);
  bool shared_world(CheckedSkill& skill);
  std::string text_of(const CompositionNode& node, bool inside) const;

  // skill_environment.cpp
  std::optional<Environment> copy_of(const CheckedWorld& world, Span use);
  Value reward_of(const CheckedSkill& skill, Elaborator& elaborator);
  Value reward_of(const CompositionNode& node, Span span, Elaborator& elaborator);
  Value observation_of(const CheckedSkill& skill, const CheckedWorld& world, TermTable& terms);
  std::vector<DeclaredId> plain_rewards() const;
  bool fits(const CheckedSkill& skill, const CheckedWorld& world, Label place);

  Context& context_;
  std::deque<CheckedSkill> all_;
  std::map<std::string, Index> instances_;  // nothing: an error, which has been reported
  std::map<std::string, Index> anonymous_;
  std::vector<RewardNode> rewards_;
  std::map<std::string, std::size_t> reward_of_name_;
  std::map<std::size_t, Value> part_rewards_;  // of the environment that is being made
  int depth_ = 0;
  bool too_many_ = false;  // reported
};

// "reach(5, 0)": the name with the arguments of the declaration's parameters, if it has any.
std::string instance_name(std::string name, const Declared& declared, const Bindings& bindings);

// `policy` and `learn`: which, and their settings, checked against the schema.
void check_settings(Context& context, CheckedSkill& skill);

}  // namespace motet::checking
