#include "compiler/check/skill.h"

#include <algorithm>

#include "compiler/setting_value.h"

namespace motet::checking {

namespace {

constexpr int most_height = 100;  // skills on top of each other
constexpr int most_depth = 200;   // instances that need instances
constexpr std::size_t most_skills = 20'000;

std::string key_of(DeclaredId id, const Bindings& bindings) {
  std::string key = std::to_string(id) + "(";
  for (const Binding& binding : bindings)
    key += (binding.constant ? constant_text(binding.constant->values) : "?") + ", ";
  return key;
}

}  // namespace

std::string instance_name(std::string name, const Declared& declared, const Bindings& bindings) {
  if (!declared.has_parameters) return name;
  name += "(";
  for (std::size_t i = 0; i < bindings.size(); ++i)
    name += (i > 0 ? ", " : "") + (bindings[i].constant ? constant_text(bindings[i].constant->values)
                                                        : std::string(bindings[i].name));
  return name + ")";
}

void Skills::check_all() {
  std::vector<DeclaredId> skills;
  for (const DeclaredId id : context_.scope.order())
    if (context_.scope[id].kind == Declared::Kind::skill) skills.push_back(id);
  for (const DeclaredId id : skills) {
    const Declared& declared = context_.scope[id];
    if (!declared.has_parameters && !declared.circular) instance(id, {}, declared.name->span);
  }
  for (const DeclaredId id : skills) {
    const Declared& declared = context_.scope[id];
    const std::string key = std::to_string(id) + "(";
    const auto first = instances_.lower_bound(key);
    const bool used = first != instances_.end() && first->first.starts_with(key);
    if (declared.circular || (declared.has_parameters && !used)) check_by_itself(id);
  }
}

// Its arguments unknown, or in spite of its circle.
void Skills::check_by_itself(DeclaredId id) {
  Bindings bindings;
  for (const syntax::Name& parameter : context_.scope[id].parameters)
    bindings.push_back({parameter.text, {}});
  make(id, std::move(bindings));
}

const CheckedSkill* Skills::find(std::string_view name) const {
  for (const CheckedSkill& skill : all_)
    if (!skill.phantom && skill.node.name == name) return &skill;
  return nullptr;
}

Skills::Index Skills::instance(DeclaredId id, Bindings bindings, Span use) {
  std::string key = key_of(id, bindings);
  if (const auto known = instances_.find(key); known != instances_.end()) return known->second;
  if (depth_ >= most_depth || all_.size() >= most_skills) {
    if (std::exchange(too_many_, true)) return std::nullopt;
    context_.report.add(
        {.code = Code::M0313,
         .message = depth_ >= most_depth ? "skills that unfold too deep" : "skills that unfold to too many",
         .primary = {use, ""},
         .notes = {"a program may have " + std::to_string(most_skills) + " skills, and " +
                   std::to_string(most_depth) + " that need each other in turn"}});
    return std::nullopt;
  }
  ++depth_;
  const Index made = make(id, std::move(bindings));
  --depth_;
  instances_.emplace(std::move(key), made);
  return made;
}

Skills::Index Skills::make(DeclaredId id, Bindings bindings) {
  const Declared& declared = context_.scope[id];
  const syntax::Skill& syntax = declared.skill();
  CheckedSkill skill;
  skill.phantom = std::ranges::any_of(bindings, [](const Binding& binding) { return !binding.constant; });
  skill.root = declared.module == context_.program.main;
  skill.node.name = instance_name(context_.scope.display_name(id), declared, bindings);
  skill.node.span = syntax.name.span;
  skill.bodies = {{declared.module, std::move(bindings), &syntax.items}};
  const Body body = skill.bodies[0];
  if (syntax.over) {
    skill.layered = true;
    const Index lower = resolve(*syntax.over, body);
    if (lower) skill.lower = SkillUse{*lower, syntax.over->span};
    if (!lower && !skill.phantom) skill.phantom = true;  // checked, and kept out of the graph
  }
  if (syntax.from) return imported(std::move(skill), id);
  if (!syntax.value) return learned(std::move(skill));
  if (syntax.value->kind == SkillExpr::Kind::reference) return alias(id, syntax, body);
  if (syntax.value->kind == SkillExpr::Kind::over) return layer(std::move(skill), *syntax.value, body);
  return composed(std::move(skill), *syntax.value, body);
}

Skills::Index Skills::add(CheckedSkill skill) {
  SkillSpans& spans = skill.node.spans;
  const Span name = skill.node.span;
  spans = {name, name, name, name, name};
  if (const auto item = skill.find<syntax::LearnItem>()) spans.learn = item->algorithm.span;
  if (const auto item = skill.find<syntax::LatentItem>()) spans.latent = item->span;
  if (const auto item = skill.find<syntax::PriorItem>()) spans.prior = item->span;
  if (skill.lower) spans.over = skill.lower->span;
  if (skill.start) spans.start_from = skill.start->span;
  all_.push_back(std::move(skill));
  return all_.back().phantom ? std::nullopt : Index(all_.size() - 1);
}

// One more storey; false, where the house is too high (reported).
bool Skills::raise(CheckedSkill& skill, std::size_t below) {
  skill.height = std::max(skill.height, all_[below].height + 1);
  if (skill.height <= most_height) return true;
  context_.report.add({.code = Code::M0313,
                       .message = "more than " + std::to_string(most_height) + " skills stand on each other",
                       .primary = {skill.node.span, ""}});
  skill.phantom = true;
  return false;
}

// Puts it over the skill that it says, where it says one.
void Skills::stand(CheckedSkill& skill) {
  if (!skill.lower) return;
  skill.node.over = skill.lower->skill;
  raise(skill, skill.lower->skill);
}

// --- learned skills -------------------------------------------------------------------------------

Skills::Index Skills::learned(CheckedSkill skill) {
  skill.node.kind = SkillPlan::Kind::learned;
  stand(skill);
  const bool here = find_world(skill);
  learned_items(skill);
  check_settings(context_, skill);
  set_reward(skill);
  if (skill.lower && here && !skill.phantom) {
    const CheckedSkill& lower = all_[skill.lower->skill];
    if (lower.world != nullptr && lower.world->robot == skill.world->robot)
      fits(lower, *skill.world, {skill.lower->span, "acts below it"});
  }
  return add(std::move(skill));
}

bool Skills::find_world(CheckedSkill& skill) {
  const auto item = skill.find<syntax::InItem>();
  if (!item) return put_into(skill, nullptr);
  const auto id = context_.resolve(item.body->module, Space::world, item->world);
  return id && put_into(skill, context_.world_of[*id]);
}

// False, where there is no world (reported).
bool Skills::put_into(CheckedSkill& skill, const CheckedWorld* world) {
  skill.world = world;
  if (world == nullptr) {
    context_.report.add({.code = Code::M0202,
                         .message = "the skill " + ticked(skill.node.name) + " has no world",
                         .primary = {skill.node.span, ""},
                         .help = {"say where it runs: `in WORLD`"}});
    return false;
  }
  if (world->robot != nullptr) skill.node.action_size = static_cast<int>(world->robot->node.action.size());
  return true;
}

void Skills::learned_items(CheckedSkill& skill) {
  word_items(skill);
  hold(skill);
  start(skill);
  if (skill.find<syntax::MaximizeItem>()) return;
  context_.report.add({.code = Code::M0203,
                       .message = "the skill " + ticked(skill.node.name) + " maximizes nothing",
                       .primary = {skill.node.span, ""},
                       .help = {"say what it should be good at: `maximize REWARD`"}});
}

void Skills::word_items(CheckedSkill& skill) {
  const auto word = [&](const syntax::Name& name, const std::vector<std::string>& choices, std::string& value,
                        std::string_view item) {
    if (std::ranges::find(choices, name.text) != choices.end()) {
      value = name.text;
      return;
    }
    Diagnostic diagnostic{.code = Code::M0305,
                          .message = ticked(item) + " takes " + ticked_list(choices),
                          .primary = {name.span, ""}};
    context_.report.suggest(diagnostic, name.text, name.span, choices);
    context_.report.add(std::move(diagnostic));
  };
  if (skill.layered) skill.node.prior = "gaussian";  // a latent has no bounds (App. C.4)
  if (const auto item = skill.find<syntax::LatentItem>())
    word(item->per, {"step", "episode"}, skill.node.latent, "latent per");
  if (const auto item = skill.find<syntax::PriorItem>())
    word(item->kind, {"gaussian", "uniform"}, skill.node.prior, "prior");
}

void Skills::hold(CheckedSkill& skill) {
  const auto item = skill.find<syntax::HoldItem>();
  if (!item) return;
  if (!skill.layered) {
    context_.report.add({.code = Code::M0213,
                         .message = ticked(skill.node.name) + " stands over no skill, and holds nothing",
                         .primary = {item->span, "belongs to a skill over another"},
                         .help = {"leave it out, or write `skill NAME over LOWER { ... }`"}});
    return;
  }
  skill.node.hold = context_.steps(item->length, "hold").value_or(1);
}

void Skills::start(CheckedSkill& skill) {
  const auto item = skill.find<syntax::StartItem>();
  if (!item) return;
  if (item->skill.kind != SkillExpr::Kind::reference) {
    context_.report.add({.code = Code::M0213,
                         .message = "`start from` takes one skill",
                         .primary = {item->skill.span, "an expression"},
                         .help = {"give it a name with `skill NAME = ...`, and start from that"}});
    return;
  }
  const Index from = reference(item->skill, *item.body);
  if (!from) {
    skill.phantom = true;
    return;
  }
  skill.start = SkillUse{*from, item->skill.span};
  skill.node.start_from = *from;
  raise(skill, *from);
}

// --- imported skills ------------------------------------------------------------------------------

// Its contract is read when it is trained elsewhere; here, that it is there.
Skills::Index Skills::imported(CheckedSkill skill, DeclaredId id) {
  const syntax::Skill& syntax = context_.scope[id].skill();
  skill.node.kind = SkillPlan::Kind::imported;
  stand(skill);
  const std::filesystem::path& taken_over = context_.program.taken_over;
  skill.node.from = taken_over.empty() ? context_.path_in(skill.bodies[0].module, syntax.from->text)
                                       : taken_over / skill_folder(skill.node.name);
  std::error_code failed;
  if (!std::filesystem::exists(skill.node.from, failed)) {
    context_.report.add(
        {.code = Code::M0220,
         .message = "the skill " + ticked(skill.node.name) + " is not at " + ticked(syntax.from->text),
         .primary = {syntax.from->span, "no such file or folder"},
         .help = {"name a run folder, relative to this file"}});
  }
  for (const syntax::Item& item : syntax.items) {
    if (std::holds_alternative<syntax::InItem>(item)) continue;
    context_.report.add(
        {.code = Code::M0213,
         .message = ticked(skill.node.name) + " has been trained: it takes `in` and nothing else",
         .primary = {syntax::span_of(item), ""}});
  }
  if (skill.find<syntax::InItem>()) find_world(skill);
  return add(std::move(skill));
}

}  // namespace motet::checking
