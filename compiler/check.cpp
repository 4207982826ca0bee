#include "compiler/check.h"

#include "compiler/check/assemble.h"
#include "compiler/check/context.h"
#include "compiler/check/skill.h"
#include "compiler/check/theory.h"
#include "compiler/check/unused.h"

namespace motet {

namespace {

using namespace checking;

// Runs all phases over a program.
struct Checker {
  Checker(const Program& program, const SourceMap& sources, Diagnostics& diagnostics)
      : context(program, sources, diagnostics), skills(context) {
    for (DeclaredId id = 0; id < context.scope.size(); ++id)
      if (context.scope[id].kind == Declared::Kind::robot) check_robot(context, id);
    for (DeclaredId id = 0; id < context.scope.size(); ++id)
      if (context.scope[id].kind == Declared::Kind::world) check_world(context, id);
    skills.check_all();
    resolve_policies(skills);
    check_theory(context, skills);
    check_information(context, skills);
    check_unused_values(context);
    skills.name_rewards();
  }

  Context context;
  Skills skills;
};

}  // namespace

std::optional<PolicyGraph> check(const Program& program, const SourceMap& sources, Diagnostics& diagnostics) {
  Checker checker(program, sources, diagnostics);
  diagnostics.sort();
  if (diagnostics.has_errors()) return std::nullopt;
  return assemble(checker.context, checker.skills);
}

std::optional<Environment> environment_in(const Program& program, const SourceMap& sources,
                                          const PolicyGraph& graph, std::string_view world,
                                          const SkillNode* skill, Diagnostics& diagnostics) {
  Diagnostics known;  // was reported when the graph was made
  Checker checker(program, sources, known);
  Context& context = checker.context;
  context.report.send_to(diagnostics);
  const auto main = static_cast<std::uint32_t>(program.main);
  const syntax::Name name{std::string(world), {program.modules[main].syntax.file, 0, 0}};
  const auto id = context.resolve(main, Space::world, name);
  if (!id) return std::nullopt;
  const CheckedWorld& found = *context.world_of[*id];

  std::optional<Environment> environment;
  if (skill == nullptr) {
    environment = checker.skills.with_rewards(found);
  } else if (const CheckedSkill* checked = checker.skills.find(skill->name);
             checked != nullptr && checked->world != nullptr) {
    environment = checker.skills.moved(*checked, found, {skill->span, "to be moved there"});
  }
  if (environment)
    std::erase_if(environment->reward_terms,
                  [&](const RewardTerm& term) { return term.reward >= graph.rewards.size(); });
  return environment;
}

}  // namespace motet
