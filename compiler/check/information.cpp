// What rewards read and policies see.

#include <algorithm>
#include <set>

#include "compiler/check/theory.h"

namespace motet::checking {

namespace {

// Calls `visit` for every term that these are made of, once.
template <typename Visit>
void for_each_below(const TermTable& terms, std::vector<TermId> open, const Visit& visit) {
  std::vector<bool> seen(terms.size(), false);
  while (!open.empty()) {
    const TermId id = open.back();
    open.pop_back();
    if (seen[id]) continue;
    seen[id] = true;
    visit(id, terms[id]);
    open.insert(open.end(), terms[id].args.begin(), terms[id].args.end());
  }
}

bool reads_state(const TermTable& terms, TermId id) {
  bool found = false;
  for_each_below(terms, {id}, [&](TermId, const Term& term) {
    const SignalKind kind = term.signal.kind;
    found = found || (term.kind == Term::Kind::signal && kind != SignalKind::time &&
                      kind != SignalKind::action && kind != SignalKind::sample);
  });
  return found;
}

void check_rewards(Context& context, const Skills& skills) {
  for (const CheckedSkill& skill : skills.all()) {
    const auto item = skill.find<syntax::MaximizeItem>();
    if (skill.phantom || !item || !skill.node.environment || !skill.node.environment->reward) continue;
    if (reads_state(skill.node.environment->terms, *skill.node.environment->reward)) continue;
    context.report.add({.code = Code::M0209,
                        .message = "the reward of " + ticked(skill.node.name) + " never reads the state",
                        .primary = {item->reward.span, "the same wherever the robot is"},
                        .help = {"read a signal of the world in it, such as `body(NAME).pos`"}});
  }
}

// A sample that a reset uses shows in the state, one that an observed sample is made of shows in that.
void check_samples(Context& context, const CheckedWorld& world) {
  const Environment& environment = world.environment;
  if (!world.observed || environment.samples.empty()) return;
  std::set<std::string> observed;
  for_each_below(environment.terms, {environment.observation}, [&](TermId, const Term& term) {
    if (term.kind == Term::Kind::signal && term.signal.kind == SignalKind::sample)
      observed.insert(term.signal.name);
  });
  std::vector<TermId> shown;
  for (const ResetNode& reset : environment.resets) shown.push_back(reset.value);
  for (const NamedTerm& sample : environment.samples)
    if (observed.contains(sample.name)) shown.push_back(sample.term);
  std::set<TermId> used;
  for_each_below(environment.terms, shown, [&](TermId id, const Term&) { used.insert(id); });
  for (const NamedTerm& sample : environment.samples) {
    if (observed.contains(sample.name) || used.contains(sample.term)) continue;
    context.report.add({.code = Code::M0210,
                        .message = "nothing observes " + ticked(sample.name),
                        .primary = {world.scenery.samples.find(sample.name)->second.span,
                                    "drawn at every reset, and the policy cannot know it"},
                        .help = {"let the policy see it: `observe " + sample.name + "` in the world"}});
  }
}

}  // namespace

void check_information(Context& context, Skills& skills) {
  check_rewards(context, skills);
  for (const CheckedWorld& world : context.worlds) check_samples(context, world);
}

}  // namespace motet::checking
