#include "compiler/check/theory.h"

#include <algorithm>
#include <cmath>

#include "compiler/setting_schema.h"
#include "compiler/setting_value.h"
#include "language/text/number.h"

namespace motet::checking {

namespace {

// Below these, a policy is all but deterministic: a temperature in units of reward, and nats an action
// dimension (a Gaussian of standard deviation 0.012).
constexpr double low_temperature = 0.01;
constexpr double low_entropy = -3;

SettingValue setting_of(const CheckedSkill& skill, const std::string& name, SettingValue otherwise) {
  const std::string key = "learn." + skill.node.algorithm + "." + name;
  for (const SettingNode& setting : skill.node.settings)
    if (setting.key == key) return setting.value;
  const SettingSchema* schema = find_setting(key);
  return schema != nullptr ? schema->fallback : otherwise;
}

std::optional<double> as_double(const SettingValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

Temperature temperature_of(const CheckedSkill& skill) {
  return motet::temperature_of(setting_of(skill, "temperature", std::string("auto")));
}

bool is_learned(const CheckedSkill& skill) {
  return skill.node.kind == SkillPlan::Kind::learned;
}

class Theory {
 public:
  Theory(Context& context, Skills& skills) : report_(context.report), skills_(skills) {}

  void check() {
    for (const CheckedSkill& skill : skills_.all()) {
      if (skill.phantom) continue;
      policy(skill);
      prior(skill);
      if (skill.lower) layer(skill);
      if (skill.node.composition) composition(skill);
      if (skill.start) start(skill);
    }
  }

 private:
  const CheckedSkill& at(const SkillUse& use) const { return skills_.all()[use.skill]; }

  // --- one skill ----------------------------------------------------------------------------------

  void prior(const CheckedSkill& skill) {
    if (!is_learned(skill) || skill.lower || skill.node.algorithm != "sql" || skill.node.prior != "gaussian")
      return;
    report_.add({.code = Code::M0213,
                 .message = ticked(skill.node.name) +
                            " has a Gaussian prior, which soft Q-learning of actions "
                            "does not take",
                 .primary = {skill.node.spans.prior, ""},
                 .notes = {"its soft value is taken from uniform actions"},
                 .help = {"learn it with `learn sac`, or leave the prior out"}});
  }

  void policy(const CheckedSkill& skill) {
    const auto item = skill.find<syntax::PolicyItem>();
    if (!is_learned(skill) || skill.node.algorithm != "sac" || skill.node.policy_kind != "sampler" || !item)
      return;
    Diagnostic diagnostic{
        .code = Code::M0215,
        .message = "soft actor-critic cannot learn a sampler: it needs the density of an action",
        .primary = {item->kind.span, "has no density"},
        .help = {"learn it with `learn sql`, or take a `policy gaussian` or a `policy flow`"}};
    if (const auto learn = skill.find<syntax::LearnItem>())
      diagnostic.secondary.push_back({learn->algorithm.span, ""});
    report_.add(std::move(diagnostic));
  }

  // --- layers -------------------------------------------------------------------------------------

  void layer(const CheckedSkill& upper) {
    const CheckedSkill& lower = at(*upper.lower);
    if (lower.world != nullptr && upper.world != nullptr && lower.world->robot != upper.world->robot) {
      if (lower.world->robot == nullptr || upper.world->robot == nullptr) return;
      report_.add({.code = Code::M0211,
                   .message = ticked(upper.node.name) + " stands over " + ticked(lower.node.name) +
                              ", which moves another robot",
                   .primary = {upper.lower->span, "moves " + ticked(lower.world->robot->node.name)},
                   .secondary = {{upper.node.span, "moves " + ticked(upper.world->robot->node.name)}}});
    }
    invertible(upper, lower);
    latent(upper);
    hold(upper);
  }

  // A latent has no bounds.
  void latent(const CheckedSkill& upper) {
    if (upper.node.policy_kind == "sampler") {
      const auto item = upper.find<syntax::PolicyItem>();
      report_.add({.code = Code::M0215,
                   .message = ticked(upper.node.name) + " acts on a latent, which a sampler cannot",
                   .primary = {item ? item->kind.span : upper.node.span, "stays within [-1, 1]"},
                   .secondary = {{upper.lower->span, "its latent has no bounds"}},
                   .help = {"take a `policy flow` or a `policy gaussian`"}});
    }
    if (upper.node.algorithm == "sql" && upper.node.prior == "uniform") {
      report_.add({.code = Code::M0213,
                   .message = ticked(upper.node.name) + " has a uniform prior, which soft Q-learning of a "
                                                        "latent cannot have",
                   .primary = {upper.node.spans.prior, "has no samples: a latent has no bounds"},
                   .notes = {"the soft value is taken from samples of the prior"},
                   .help = {"leave it out: the prior of a latent is Gaussian"}});
    }
  }

  void invertible(const CheckedSkill& upper, const CheckedSkill& lower) {
    const std::string& kind = lower.node.policy_kind;
    if (kind == "flow" || lower.node.kind == SkillPlan::Kind::imported) return;
    const auto item = lower.find<syntax::PolicyItem>();
    Diagnostic diagnostic{
        .code = Code::M0214,
        .message = ticked(upper.node.name) + " stands over " + ticked(lower.node.name) +
                   ", whose policy cannot be inverted",
        .primary = {upper.lower->span, kind == "gaussian" ? "a Gaussian policy has no latent to act on"
                                                          : "a sampler has no inverse"}};
    diagnostic.help.push_back("give " + ticked(lower.node.name) +
                              " an invertible policy: `policy flow { couplings 2 }`");
    if (item) diagnostic.fix = Fix{item->span, "policy flow { couplings 2 }"};
    report_.add(std::move(diagnostic));
  }

  void hold(const CheckedSkill& upper) {
    const auto item = upper.find<syntax::HoldItem>();
    if (!item || upper.world == nullptr || upper.world->node.horizon == 0) return;
    const std::int64_t horizon = upper.world->node.horizon;
    const std::int64_t held = held_steps(upper);
    if (horizon % held == 0) return;
    report_.add({.code = Code::M0208,
                 .message = "the horizon of " + std::to_string(horizon) +
                            " steps does not divide into holds of " + std::to_string(held),
                 .primary = {item->length.span, "the last one is cut short"},
                 .secondary = {{upper.world->node.span, std::to_string(horizon) + " steps"}}});
  }

  // Control steps: what is held is a step of the skill below, which may hold its own.
  std::int64_t held_steps(const CheckedSkill& skill) const {
    constexpr std::int64_t most = 1'000'000'000;
    std::int64_t steps = 1;
    for (const CheckedSkill* one = &skill; one != nullptr;
         one = one->node.over ? &skills_.all()[*one->node.over] : nullptr)
      steps = std::min(most, steps * one->node.hold);
    return steps;
  }

  // --- compositions -------------------------------------------------------------------------------

  void composition(const CheckedSkill& skill) {
    const SkillUse& first = skill.parts.front();
    for (const SkillUse& part : skill.parts) {
      if (!same_space(first, part) || !same_discount(first, part)) return;
    }
    temperatures(skill);
    for (const SkillUse& part : skill.parts) determinism(part);
  }

  bool same_space(const SkillUse& a, const SkillUse& b) {
    const CheckedSkill &one = at(a), &two = at(b);
    if (one.world == nullptr || two.world == nullptr) return true;
    if (one.world->robot == nullptr || two.world->robot == nullptr || one.acts_in_same_space(two))
      return true;
    const bool robots = one.world->robot != two.world->robot;
    const auto what = [&](const CheckedSkill& skill) {
      if (robots) return "moves " + ticked(skill.world->robot->node.name);
      if (!skill.node.over) return std::string("acts on the motors");
      return "acts on the latent of " + ticked(skills_.all()[*skill.node.over].node.name) +
             (one.node.over == two.node.over ? ", held for " + counted(skill.node.hold, "step") : "");
    };
    report_.add(
        {.code = Code::M0204,
         .message = ticked(one.node.name) + " and " + ticked(two.node.name) + " act in different spaces",
         .primary = {b.span, what(two)},
         .secondary = {{a.span, what(one)}},
         .notes = {"soft Q-functions are added action by action (Eq. 6.2)"}});
    return false;
  }

  std::optional<double> discount(const CheckedSkill& skill) const {
    if (is_learned(skill)) return as_double(setting_of(skill, "discount", 0.99));
    if (skill.node.composition && !skill.parts.empty()) return discount(at(skill.parts.front()));
    return std::nullopt;
  }

  bool same_discount(const SkillUse& a, const SkillUse& b) {
    const auto one = discount(at(a)), two = discount(at(b));
    if (!one || !two || *one == *two) return true;
    report_.add(
        {.code = Code::M0205,
         .message = ticked(at(a).node.name) + " and " + ticked(at(b).node.name) + " have different discounts",
         .primary = {b.span, "discount " + format_number(*two)},
         .secondary = {{a.span, "discount " + format_number(*one)}},
         .notes = {"their soft Q-functions look ahead differently far, and their mean means nothing"}});
    return false;
  }

  static std::string words(const Temperature& temperature) {
    return temperature.learned ? "a learnt temperature" : "temperature " + to_text(temperature);
  }

  void temperatures(const CheckedSkill& skill) {
    const SkillUse* first = nullptr;
    for (const SkillUse& part : skill.parts) {
      if (!is_learned(at(part))) continue;
      const Temperature temperature = temperature_of(at(part));
      if (first == nullptr) first = &part;
      const Temperature before = temperature_of(at(*first));
      const bool differs =
          temperature.from != before.from || temperature.to != before.to || temperature.steps != before.steps;
      if (!temperature.learned && !before.learned && !differs) continue;
      Diagnostic diagnostic{
          .code = Code::M0206,
          .message = "the parts of " + ticked(skill.node.name) + " have different or learnt temperatures",
          .primary = {part.span, words(temperature)},
          .notes = {"each soft Q-function is divided by its temperature, so that the parts weigh as their "
                    "policies do"},
          .help = {"give the parts one fixed temperature: `learn sac { temperature 0.2 }`"}};
      if (first != &part) diagnostic.secondary.push_back({first->span, words(before)});
      report_.add(std::move(diagnostic));
      return;
    }
  }

  // Theorem 3: the regret of a composition grows with the divergence of the parts, and that of
  // policies without entropy has no bound.
  void determinism(const SkillUse& use) {
    const CheckedSkill& part = at(use);
    if (!is_learned(part)) return;
    const Temperature temperature = temperature_of(part);
    const auto entropy = as_double(setting_of(part, "target_entropy", std::string("auto")));
    std::string why;
    if (!temperature.learned && std::min(temperature.from, temperature.to) <= low_temperature)
      why = words(temperature);
    else if (temperature.learned && entropy && *entropy <= low_entropy * part.node.action_size)
      why = "target entropy " + format_number(*entropy);
    if (why.empty()) return;
    report_.add({.code = Code::M0207,
                 .message = "the policy of " + ticked(part.node.name) + " is nearly deterministic",
                 .primary = {use.span, why},
                 .notes = {"the regret of a composition grows with the divergence of its parts (Theorem 3)"},
                 .help = {"leave its policy more entropy: a higher `temperature` or `target_entropy`"}});
  }

  // --- pretraining --------------------------------------------------------------------------------

  void start(const CheckedSkill& skill) {
    const CheckedSkill& from = at(*skill.start);
    if (from.world == nullptr || skill.world == nullptr || !from.world->sound || !skill.world->sound) return;
    std::string why;
    const bool alone = skill.acts_in_same_space(from);
    if (!alone)
      why = unlike_layers(skill, from);
    else if (is_learned(from) && skill.node.policy_kind != from.node.policy_kind)
      why = "has a policy of another kind, a " + from.node.policy_kind;
    else if (skill.node.algorithm != from.node.algorithm && is_learned(from))
      why = "is learnt by another algorithm";
    else if (observed(skill) != observed(from))
      why = "observes " + counted(observed(from), "number") + ", not " + std::to_string(observed(skill));
    if (why.empty()) return;
    report_.add({.code = Code::M0216,
                 .message = ticked(skill.node.name) + " cannot start from " + ticked(from.node.name),
                 .primary = {skill.start->span, why},
                 .secondary = {{skill.node.span, "starts from it"}}});
  }

  // Why `from`, and what it stands on, cannot become one policy that acts where `skill` does; or nothing.
  std::string unlike_layers(const CheckedSkill& skill, const CheckedSkill& from) {
    if (skill.world->robot != from.world->robot) return "acts in another space";
    const CheckedSkill* layer = &from;
    for (; layer->node.over != skill.node.over; layer = &skills_.all()[*layer->node.over]) {
      if (!layer->node.over) return "acts in another space";
      if (layer->node.hold > 1)
        return (layer == &from ? "" : "stands over " + ticked(layer->node.name) + ", which ") +
               std::string("holds its actions for ") + counted(layer->node.hold, "step") +
               ": that is no one policy";
    }
    if (layer->node.hold != skill.node.hold) return "holds its actions otherwise";
    if (skill.node.policy_kind != "flow")
      return "stands on a skill, and with it becomes one flow; this is a " + skill.node.policy_kind;
    return {};
  }

  static std::size_t observed(const CheckedSkill& skill) {
    const Environment& environment = skill.world->environment;
    return skill.world->observed ? environment.terms[environment.observation].length : 0;
  }

  Report& report_;
  Skills& skills_;
};

}  // namespace

void resolve_policies(Skills& skills) {
  auto& all = skills.all();
  std::vector<bool> stood_upon(all.size(), false);
  for (const CheckedSkill& skill : all)
    if (skill.lower) stood_upon[skill.lower->skill] = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    CheckedSkill& skill = all[i];
    std::string& kind = skill.node.policy_kind;
    if (!kind.empty() || skill.node.kind == SkillPlan::Kind::imported) continue;
    if (stood_upon[i])
      kind = "flow";
    else if (skill.node.composition) {
      // Like its parts, where they are alike; a sampler can follow any soft Q-function of actions.
      kind = all[skill.parts.front().skill].node.policy_kind;
      for (const SkillUse& part : skill.parts)
        if (all[part.skill].node.policy_kind != kind) kind.clear();
      if (kind.empty()) kind = skill.node.over ? "flow" : "sampler";
    } else if (skill.start && all[skill.start->skill].node.over != skill.node.over) {
      kind = "flow";  // of several layers
    } else if (skill.node.algorithm == "sql") {
      kind = skill.node.over ? "flow" : "sampler";
    } else {
      kind = "gaussian";
    }
  }
}

void check_theory(Context& context, Skills& skills) {
  Theory(context, skills).check();
}

}  // namespace motet::checking
