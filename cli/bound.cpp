#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "cli/episodes.h"
#include "language/json.h"
#include "runtime/learning/composition_bound.h"
#include "runtime/learning/skill_energy.h"

namespace motet::cli {

namespace {

// Nats an action coordinate below which a policy is all but deterministic, as the checker has it (M0207).
constexpr double low_entropy = -3;

// Episodes of the composed policy, and as many that stray from it, in which the worst case is looked for.
std::vector<BoundStep> collect_steps(Stage& stage, long long episodes, std::uint64_t seed) {
  std::vector<BoundStep> steps;
  Random random(seed, 3000);
  World& world = *stage.world;
  std::vector<float> action(static_cast<std::size_t>(world.action_size())), next(action.size());
  for (const bool composed : {true, false}) {
    for (long long i = 0; i < episodes; ++i) {
      world.reset();
      const auto act = [&](std::vector<float>& out) {
        if (!composed && random.uniform() < 0.5) return random.fill_uniform(out, -1, 1);
        stage.actor->act(world.observation(), out);
      };
      act(action);
      for (bool over = false, first = true; !over; first = false) {
        BoundStep step;
        step.state.assign(world.observation().begin(), world.observation().end());
        step.action = action;
        const StepResult result = world.step(action);
        if (result.unstable) break;
        over = result.terminated || result.truncated;
        step.next_state.assign(world.observation().begin(), world.observation().end());
        stage.actor->act(world.observation(), next);
        step.next_action = next;
        step.terminated = result.terminated;
        step.first = first;
        step.composed = composed;
        steps.push_back(std::move(step));
        if (composed) {
          action = next;
        } else {
          act(action);
        }
      }
    }
  }
  return steps;
}

// No more than `most`, evenly; first steps stay.
std::vector<BoundStep> thinned(std::vector<BoundStep> steps, std::size_t most) {
  if (steps.size() <= most) return steps;
  std::vector<BoundStep> kept;
  const double stride = static_cast<double>(steps.size()) / static_cast<double>(most);
  double next = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].first && static_cast<double>(i) < next) continue;
    if (static_cast<double>(i) >= next) next += stride;
    kept.push_back(std::move(steps[i]));
  }
  return kept;
}

template <typename... Values>
std::string text_of(const char* form, Values... values) {
  char text[400];
  std::snprintf(text, sizeof text, form, values...);
  return text;
}

// What the figures mean, in a sentence.
std::string meaning(const BoundEstimate& bound, double temperature, double q) {
  if (bound.entropy < low_entropy)
    return "A part is nearly deterministic: the divergence of such parts has no bound, and neither has the "
           "regret of their composition (Theorem 3). Train them at a higher temperature.";
  const double d = temperature * bound.d.mean, c = temperature * bound.c.mean;
  const std::string best = text_of(
      "The best that any policy could reach from the start, in discounted reward and "
      "entropy, lies between %.4g and %.4g; ",
      q - c, q);
  if (d < 0.1 * std::abs(q))
    return best +
           text_of(
               "the composed policy is at most %.3g below it: the parts agree, and their composition can "
               "be trusted.",
               d);
  if (d < std::abs(q)) return best + text_of("the composed policy may be as much as %.3g below it.", d);
  return best + text_of(
                    "the bound of %.3g on what the composed policy loses is larger than that itself, so it "
                    "promises nothing: measure the skill with `motet eval`.",
                    d);
}

int run(const Arguments& arguments) {
  const auto episodes = whole_number(arguments, "--episodes", 20, 1, 10'000);
  const auto samples = whole_number(arguments, "--samples", 1024, 16, 1 << 20);
  const auto seed = whole_number(arguments, "--seed", 1, 0, 1'000'000'000);
  const std::string form = arguments.value("--format").value_or("text");
  if (!episodes || !samples || !seed) return wrong_usage;
  if (form != "text" && form != "json") {
    complain("`--format` is text or json, not `" + form + "`");
    return wrong_usage;
  }
  StageRequest request;
  request.skill = arguments.value("--skill").value_or("");
  request.seed = static_cast<std::uint64_t>(*seed);
  request.sample = true;
  const RunFolder folder{arguments.positional[0]};
  auto set = stage_from_run(folder.path, request);
  if (const int* status = std::get_if<int>(&set)) return *status;
  Stage& stage = std::get<Stage>(set);
  const auto plan = read_plan(folder);
  if (!plan) return fail(plan.error(), wrong_input);
  const SkillPlan& skill = *plan->find(stage.skill);
  if (skill.composition.empty()) {
    complain("`" + skill.name + "` is no composition; name one with --skill");
    return wrong_input;
  }
  const auto energy = SkillEnergy::load(*plan, skill, folder.skills());
  if (!energy) return fail(energy.error(), wrong_input);
  if (!skill.over.empty()) {
    complain("`" + skill.name + "` acts on the latent of `" + skill.over +
             "`: the bounds are integrals over all actions, and a latent has no bounds");
    return wrong_input;
  }
  if (!(*energy)->is_mean()) {
    complain("`" + skill.name +
             "` is or contains a soft maximum; the bounds are of `&` (Lemma 5, Theorem 3)");
    return wrong_input;
  }
  if (skill.extraction.temperature > 0) {
    complain("`" + skill.name + "` was extracted at a temperature of its own (`temperature` in " +
             "`learn extraction`); the bounds are of its parts' (Lemma 5, Theorem 3)");
    return wrong_input;
  }

  const std::int64_t m = (*energy)->action_size();
  std::vector<EnergyAtState> parts;
  for (std::size_t i = 0; i < (*energy)->parts().size(); ++i)
    parts.emplace_back((*energy)->native_part(i), m, *samples);
  BoundProblem problem{skill.environment.observation_size, m,
                       (*energy)->parts()[0].skill->learning().discount, (*energy)->shares(),
                       [&](std::span<const float> state, std::span<const float> actions, std::span<float> e) {
                         const std::size_t count = actions.size() / static_cast<std::size_t>(m);
                         for (std::size_t i = 0; i < parts.size(); ++i) {
                           const std::span<const float> own = parts[i](state, actions);
                           std::copy(own.begin(), own.end(),
                                     e.begin() + static_cast<std::ptrdiff_t>(i * count));
                         }
                       }};
  const auto steps = thinned(collect_steps(stage, *episodes, request.seed), 6000);
  if (std::none_of(steps.begin(), steps.end(),
                   [](const BoundStep& step) { return step.first && step.composed; })) {
    complain("no episode of `" + skill.name + "` could be run: " + stage.world->unstable_reason());
    return outside_failed;
  }
  BoundOptions options;
  options.samples = *samples;
  options.seed = request.seed;
  const BoundEstimate bound = estimate_bound(problem, steps, options);
  // Q of the composition where its episodes begin.
  EnergyAtState whole((*energy)->native(), m, 1);
  double q = 0, starts = 0;
  for (const BoundStep& step : steps) {
    if (!step.first || !step.composed) continue;
    q += static_cast<double>(whole(step.state, step.action)[0]) * (*energy)->temperature();
    ++starts;
  }
  q /= starts;
  const double temperature = (*energy)->temperature();
  const std::string sentence = meaning(bound, temperature, q);
  if (form == "json") {
    JsonWriter out;
    out.begin_object();
    out.member("skill", skill.name).member("temperature", temperature);
    out.key("parts").begin_object();
    for (std::size_t i = 0; i < parts.size(); ++i)
      out.member((*energy)->parts()[i].skill->name, (*energy)->weights()[i]);
    out.end_object();
    const auto put = [&](const char* name, const Estimate& estimate, double scale) {
      out.key(name).begin_object();
      out.member("mean", scale * estimate.mean).member("error", scale * estimate.error);
      out.end_object();
    };
    put("divergence_nats", bound.divergence, 1);
    out.member("divergence_median", bound.median).member("divergence_95", bound.high);
    out.member("sampling_error", bound.sampling_error).member("least_entropy", bound.entropy);
    put("c_star", bound.c, temperature);
    put("d_star", bound.d, temperature);
    out.member("q_sum", q).member("meaning", sentence);
    out.end_object();
    std::cout << out.text() << "\n";
    return done;
  }
  std::string mix;
  for (std::size_t i = 0; i < parts.size(); ++i)
    mix +=
        (i > 0 ? " + " : "") + text_of("%.3g ", (*energy)->weights()[i]) + (*energy)->parts()[i].skill->name;
  std::cout << stage.title << ": how far it can be trusted (Lemma 5, Theorem 3)\n"
            << "  Q                       " << mix << text_of(" at temperature %.4g\n", temperature)
            << text_of(
                   "  divergence of parts     %.3g ± %.2g nats a state along the composed policy; median "
                   "%.3g, 95 %% below %.3g\n",
                   bound.divergence.mean, bound.divergence.error, bound.median, bound.high)
            << text_of(
                   "                          (half a Rényi divergence of order 1/2; ± %.2g a state from "
                   "%lld sampled actions)\n",
                   bound.sampling_error, *samples)
            << text_of("  least random part       %.3g nats an action coordinate\n", bound.entropy)
            << text_of("  C* at the start         %.4g ± %.2g of reward\n", temperature * bound.c.mean,
                       temperature * bound.c.error)
            << text_of("  D* at the start         %.4g ± %.2g of reward\n", temperature * bound.d.mean,
                       temperature * bound.d.error)
            << text_of("  Q at the start          %.4g\n", q) << sentence << "\n";
  return done;
}

}  // namespace

Command bound_command() {
  return {
      .name = "bound",
      .operands = "RUN",
      .summary = "how far a composed skill can be trusted",
      .description =
          "Runs a composed skill, and estimates how much its parts diverge where it goes, and from that\n"
          "the bounds on its regret: C*, by which Q may overestimate the best policy (Lemma 5), and D*,\n"
          "by which the composed policy may fall behind it (Theorem 3). C* is a worst case over all\n"
          "behaviour, found by fitted Q-iteration on the episodes; ± is a standard error, of three fits.",
      .options = {{"--skill", "NAME", "which composed skill (default: the last one that the run trained)"},
                  {"--episodes", "N", "of the composed policy, and as many that stray (default: 20)"},
                  {"--samples", "N", "actions in each integral (default: 1024)"},
                  {"--seed", "N", "of the worlds and the fits (default: 1)"},
                  {"--format", "text|json", "text (the default), or one JSON object"}},
      .examples = {{"motet bound runs/pushing --skill bottom_left", "do its parts agree?"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli
