// Expressions over skills: references, layers and compositions.

#include <algorithm>
#include <cmath>

#include "compiler/check/skill.h"
#include "language/text/number.h"

namespace motet::checking {

using syntax::SkillExpr;

Skills::Index Skills::resolve(const SkillExpr& expression, const Body& body) {
  if (expression.kind == SkillExpr::Kind::reference) return reference(expression, body);
  return anonymous(expression, body);
}

Skills::Index Skills::reference(const SkillExpr& expression, const Body& body) {
  const auto id = context_.resolve(body.module, Space::skill, expression.name);
  if (!id || context_.scope[*id].circular) return std::nullopt;
  auto bindings = arguments(expression, context_.scope[*id], body);
  if (!bindings) return std::nullopt;
  return instance(*id, std::move(*bindings), expression.span);
}

std::optional<Bindings> Skills::arguments(const SkillExpr& expression, const Declared& declared,
                                          const Body& body) {
  if (expression.arguments.size() != declared.parameters.size() ||
      expression.has_arguments != declared.has_parameters) {
    const std::string wanted =
        declared.has_parameters ? counted(declared.parameters.size(), "argument") : "no arguments";
    context_.report.add({.code = Code::M0307,
                         .message = ticked(expression.name.text) + " takes " + wanted + ", not " +
                                    std::to_string(expression.arguments.size()),
                         .primary = {expression.span, ""},
                         .secondary = {{declared.name->span, "declared here"}}});
    return std::nullopt;
  }
  Bindings bindings;
  bool known = true;
  for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
    auto constant = context_.constant(expression.arguments[i], body.module, body.bindings);
    known = known && constant;
    bindings.push_back({declared.parameters[i].text, std::move(constant)});
  }
  return known ? std::optional(std::move(bindings)) : std::nullopt;
}

// `skill right = reach(5, 0)`: another name for the same node.
Skills::Index Skills::alias(DeclaredId id, const syntax::Skill& syntax, const Body& body) {
  for (const syntax::Item& item : syntax.items) {
    context_.report.add(
        {.code = Code::M0213,
         .message = ticked(syntax.name.text) + " is another name for a skill, and adds nothing to it",
         .primary = {syntax::span_of(item), ""},
         .help = {"declare a skill of its own with `skill " + syntax.name.text + " { ... }`"}});
  }
  const Index found = reference(*syntax.value, body);
  const bool known =
      std::ranges::all_of(body.bindings, [](const Binding& binding) { return binding.constant.has_value(); });
  if (!found || !known) return std::nullopt;
  const Declared& declared = context_.scope[id];
  std::string name = instance_name(context_.scope.display_name(id), declared, body.bindings);
  CheckedSkill& skill = all_[*found];
  skill.root = skill.root || declared.module == context_.program.main;
  auto& aliases = skill.node.aliases;
  if (std::ranges::find(aliases, name) == aliases.end()) aliases.push_back(std::move(name));
  return found;
}

// A layer or a composition that stands in an expression and has no name of its own.
Skills::Index Skills::anonymous(const SkillExpr& expression, const Body& body) {
  CheckedSkill skill;
  skill.node.span = expression.span;
  if (expression.kind == SkillExpr::Kind::over) return layer(std::move(skill), expression, body);
  return composed(std::move(skill), expression, body);
}

// --- upper over lower -----------------------------------------------------------------------------

// A new instance of `upper`, on top of `lower`.
Skills::Index Skills::layer(CheckedSkill skill, const SkillExpr& expression, const Body& body) {
  const SkillExpr& upper = expression.children[0];
  const Index lower = resolve(expression.children[1], body);
  if (upper.kind != SkillExpr::Kind::reference) {
    context_.report.add({.code = Code::M0217,
                         .message = "what stands over a skill is one skill",
                         .primary = {upper.span, "an expression"},
                         .help = {"give it a name, and say there what it maximizes: `skill NAME { ... }`"}});
    return std::nullopt;
  }
  const auto upper_id = context_.resolve(body.module, Space::skill, upper.name);
  if (!upper_id || context_.scope[*upper_id].circular) return std::nullopt;
  const Declared& declared = context_.scope[*upper_id];
  const syntax::Skill& syntax = declared.skill();
  if (syntax.over || syntax.value || syntax.from) {
    context_.report.add({.code = Code::M0217,
                         .message = ticked(upper.name.text) + " cannot be put over another skill",
                         .primary = {upper.span, ""},
                         .secondary = {{syntax.name.span, syntax.over ? "stands over a skill already"
                                                                      : "is not learnt by itself"}},
                         .help = {"what stands over a skill is declared with `skill NAME { ... }`"}});
    return std::nullopt;
  }
  auto bindings = arguments(upper, declared, body);
  if (!bindings || !lower) return std::nullopt;
  const bool named = !skill.node.name.empty();
  if (!named) {
    skill.node.name = instance_name(upper.name.text, declared, *bindings) + " over " + all_[*lower].node.name;
    if (const auto known = anonymous_.find(skill.node.name); known != anonymous_.end()) return known->second;
  }
  skill.bodies.push_back({declared.module, std::move(*bindings), &syntax.items});
  skill.lower = SkillUse{*lower, expression.children[1].span};
  skill.layered = true;
  const std::string key = skill.node.name;
  const Index made = learned(std::move(skill));
  if (!named) anonymous_.emplace(key, made);
  return made;
}

// --- a & b | c ------------------------------------------------------------------------------------

Skills::Index Skills::composed(CheckedSkill skill, const SkillExpr& expression, const Body& body) {
  if (expression.kind == SkillExpr::Kind::scaled) {
    context_.report.add({.code = Code::M0212,
                         .message = "a weight weighs a skill against another, and there is none",
                         .primary = {expression.weight[0].span, ""},
                         .help = {"compose it: `2 * a & b`"}});
    return std::nullopt;
  }
  auto tree = composition(expression, body, skill);
  if (!tree) return std::nullopt;
  skill.node.kind = SkillPlan::Kind::composed;
  const bool named = !skill.node.name.empty();
  if (!named) {
    skill.node.name = text_of(*tree, false);
    if (const auto known = anonymous_.find(skill.node.name); known != anonymous_.end()) return known->second;
  }
  skill.node.composition = std::move(*tree);
  const auto refuse = [&](Span span, std::string_view item) {
    context_.report.add({.code = Code::M0213,
                         .message = "a composed skill has no " + ticked(item),
                         .primary = {span, ""},
                         .notes = {"its reward, and how it acts, come from its parts"}});
  };
  if (const auto item = skill.find<syntax::MaximizeItem>()) refuse(item->span, "maximize");
  if (const auto item = skill.find<syntax::HoldItem>()) refuse(item->span, "hold");
  if (const auto item = skill.find<syntax::StartItem>()) refuse(item->span, "start from");
  acts_as_its_parts(skill);
  word_items(skill);
  const bool here = shared_world(skill);
  check_settings(context_, skill);
  if (here) set_reward(skill);
  for (const SkillUse& part : skill.parts) {
    const CheckedSkill& one = all_[part.skill];
    if (here && one.world != nullptr && one.world->robot == skill.world->robot)
      fits(one, *skill.world, {part.span, "a part of it"});
  }
  const std::string key = skill.node.name;
  const Index made = add(std::move(skill));
  if (!named) anonymous_.emplace(key, made);
  return made;
}

// On the latent of the skill that its parts stand on. (That they all do is checked with the theory.)
void Skills::acts_as_its_parts(CheckedSkill& skill) {
  const SkillNode& first = all_[skill.parts.front().skill].node;
  skill.node.over = first.over;
  skill.node.hold = first.hold;
  skill.node.prior = first.prior;
}

std::optional<CompositionNode> Skills::composition(const SkillExpr& expression, const Body& body,
                                                   CheckedSkill& skill) {
  CompositionNode node;
  if (expression.kind == SkillExpr::Kind::scaled) {
    const auto factor = weight(expression, body);
    auto inner = composition(expression.children[0], body, skill);
    if (!factor || !inner) return std::nullopt;
    inner->weight *= *factor;
    return inner;
  }
  if (expression.kind == SkillExpr::Kind::both || expression.kind == SkillExpr::Kind::either) {
    node.kind = expression.kind == SkillExpr::Kind::both ? CompositionNode::Kind::both
                                                         : CompositionNode::Kind::either;
    bool whole = true;
    for (const SkillExpr& child : expression.children) {
      auto part = composition(child, body, skill);
      whole = whole && part;
      if (part) node.children.push_back(std::move(*part));
    }
    return whole ? std::optional(std::move(node)) : std::nullopt;
  }
  const Index part = resolve(expression, body);
  if (!part) return std::nullopt;
  node.skill = *part;
  skill.parts.push_back({*part, expression.span});
  if (!raise(skill, *part)) return std::nullopt;
  return node;
}

std::optional<double> Skills::weight(const SkillExpr& expression, const Body& body) {
  const syntax::Expr& text = expression.weight[0];
  const auto value = context_.constant_number(text, body.module, powers::number, "a weight", body.bindings);
  if (!value || (*value > 0 && std::isfinite(*value))) return value;
  context_.report.add({.code = Code::M0212,
                       .message = "a weight is positive",
                       .primary = {text.span, format_number(*value)},
                       .help = {"leave a skill out that should not count"}});
  return std::nullopt;
}

// The world that all parts share, or the one that `in` names.
bool Skills::shared_world(CheckedSkill& skill) {
  if (skill.find<syntax::InItem>()) return find_world(skill);
  const CheckedWorld* world = nullptr;
  const SkillUse* first = nullptr;
  for (const SkillUse& part : skill.parts) {
    const CheckedSkill& one = all_[part.skill];
    if (one.world == nullptr) {
      if (one.node.kind != SkillPlan::Kind::imported) return false;  // reported where it is declared
      continue;
    }
    if (world == nullptr) {
      world = one.world;
      first = &part;
    } else if (one.world != world) {
      context_.report.add({.code = Code::M0202,
                           .message = "the parts of " + ticked(skill.node.name) + " share no world",
                           .primary = {skill.node.span, ""},
                           .secondary = {{first->span, "in " + ticked(world->node.name)},
                                         {part.span, "in " + ticked(one.world->node.name)}},
                           .help = {"say where it runs: `in WORLD`"}});
      return false;
    }
  }
  return put_into(skill, world);
}

std::string Skills::text_of(const CompositionNode& node, bool inside) const {
  std::string text;
  if (node.kind == CompositionNode::Kind::skill) {
    text = all_[node.skill].node.name;
    if (text.find(" over ") != std::string::npos) text = "(" + text + ")";
  } else {
    const bool both = node.kind == CompositionNode::Kind::both;
    for (const CompositionNode& child : node.children)
      text += (text.empty() ? "" : both ? " & " : " | ") + text_of(child, true);
    if (inside || node.weight != 1) text = "(" + text + ")";
  }
  return node.weight == 1 ? text : format_number(node.weight) + " * " + text;
}

}  // namespace motet::checking
