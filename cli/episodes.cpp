#include "cli/episodes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "language/json.h"
#include "runtime/learning/lower_layers.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

// The skill moved to another world of the program that the run keeps.
std::variant<std::unique_ptr<EnvironmentPlan>, int> environment_in_world(const RunFolder& run,
                                                                         const Plan& plan,
                                                                         const SkillPlan& skill,
                                                                         const std::string& world) {
  auto compiled = compile(run, plan);
  if (!compiled) return fail(compiled.error(), wrong_input);
  Compilation& compilation = *compiled;
  if (!compilation.graph) {
    report(compilation);
    return wrong_input;
  }
  const auto environment = environment_in(compilation.program, compilation.sources, *compilation.graph, world,
                                          compilation.graph->find_skill(skill.name), compilation.diagnostics);
  report(compilation);
  if (!environment) return wrong_input;
  auto lowered = std::make_unique<EnvironmentPlan>(
      lower_environment(*compilation.graph, *environment, compilation.library));
  if (lowered->observation_size != skill.environment.observation_size ||
      lowered->robot.action.size() != skill.environment.robot.action.size()) {
    complain("`" + skill.name + "` cannot act in `" + world + "`: it observes " +
             std::to_string(skill.environment.observation_size) + " numbers and there are " +
             std::to_string(lowered->observation_size));
    return wrong_input;
  }
  return lowered;
}

Status set_up(Stage& stage, const ModelRoots& roots, std::uint64_t seed) {
  auto world = World::make(*stage.environment, roots, Random(seed, 1000));
  if (!world) return world.error();
  stage.world = std::move(*world);
  return {};
}

// The layers below a skill, into its world; they are those that it was trained over.
Status embed(const Plan& plan, const SkillPlan& skill, const RunFolder& run, World& world) {
  const auto below = embed_lower_layers(plan, skill, run.skills(), world);
  if (!below) return below.error();
  if (below->empty()) return {};
  const Result<Archive> archive = read_checkpoint(run.skill(skill.name), skill);
  return archive ? check_lower_layers(*archive, skill, *below) : Status(archive.error());
}

// The actor of a layer at or below `acts`, which becomes the skill that acts in the world.
Result<std::unique_ptr<Actor>> fixed_actor(const Plan& plan, const RunFolder& run, const FixedLatent& latent,
                                           const SkillPlan*& acts) {
  const SkillPlan* upper = nullptr;
  std::string known;
  const SkillPlan* one = acts;
  for (; one != nullptr && one->name != latent.skill; one = plan.find(one->over)) {
    known += (known.empty() ? "`" : ", `") + one->name + "`";
    upper = one;
  }
  if (one == nullptr) return Error{"`" + latent.skill + "` is none of the layers that act here: " + known};
  const std::size_t m = one->environment.robot.action.size();
  if (latent.values.size() != m)
    return Error{"the latent of `" + one->name + "` has " + std::to_string(m) + " coordinates, not " +
                 std::to_string(latent.values.size())};
  if (upper == nullptr) return load_actor(*one, run.skill(one->name), true, 1, latent.values);
  acts = upper;
  return make_constant_actor(latent.values);
}

void put_line(std::string& text, const std::string& name, const std::string& value) {
  std::string left = "  " + name;
  left.resize(std::max<std::size_t>(left.size() + 2, 26), ' ');
  text += left + value + "\n";
}

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::string spread(const Statistic& statistic) {
  char text[80];
  std::snprintf(text, sizeof text, "%.4g ± %.3g", statistic.mean, statistic.deviation);
  return text;
}

// The skills with a policy of their own that a composition is made of, each once.
std::vector<const SkillPlan*> leaves(const Plan& plan, const SkillPlan& skill) {
  std::vector<const SkillPlan*> found;
  const auto add = [&](const auto& self, const SkillPlan& one) -> void {
    for (const std::string& name : one.parts) {
      const SkillPlan* part = plan.find(name);
      if (part == nullptr) continue;
      if (!part->parts.empty()) {
        self(self, *part);
      } else if (std::find(found.begin(), found.end(), part) == found.end()) {
        found.push_back(part);
      }
    }
  };
  add(add, skill);
  return found;
}

bool has_return(const Stage& stage) {
  return stage.environment->step.find("reward") != nullptr;
}

void put_statistic(JsonWriter& out, const std::string& name, const Statistic& statistic) {
  out.key(name).begin_object();
  out.member("mean", statistic.mean).member("deviation", statistic.deviation);
  out.end_object();
}

}  // namespace

std::variant<Stage, int> stage_from_run(const fs::path& path, const StageRequest& request) {
  const RunFolder run{path};
  const auto plan = read_plan(run);
  if (!plan) return fail(plan.error(), wrong_input);
  const auto manifest = read_manifest(run);
  if (!manifest) return fail(manifest.error(), wrong_input);
  const auto skill = choose_skill(run, *plan, *manifest, request.skill);
  if (!skill) return fail(skill.error(), wrong_input);

  if ((*skill)->kind == SkillPlan::Kind::imported)
    return fail(Error{"`" + (*skill)->name + "` was trained in another run; measure and watch it there"},
                wrong_input);
  Stage stage;
  stage.title =
      (*skill)->name + " in " + (request.world.empty() ? (*skill)->environment.world : request.world);
  if (request.world.empty() || request.world == (*skill)->environment.world) {
    stage.environment = std::make_unique<EnvironmentPlan>((*skill)->environment);
  } else {
    auto moved = environment_in_world(run, *plan, **skill, request.world);
    if (const int* status = std::get_if<int>(&moved)) return *status;
    stage.environment = std::move(std::get<0>(moved));
  }
  // A layer whose latent is fixed hears nothing of those above it: the world is that of the skill that
  // stands on it.
  const SkillPlan* acts = *skill;
  auto actor = request.latent ? fixed_actor(*plan, run, *request.latent, acts)
                              : load_actor(**skill, run.skill((*skill)->name), request.sample, request.seed);
  if (!actor) return fail(actor.error(), wrong_input);
  stage.actor = std::move(*actor);
  stage.skill = (*skill)->name;
  if (request.with_parts) {
    for (const SkillPlan* part : leaves(*plan, **skill)) {
      auto one = load_actor(*part, run.skill(part->name), request.sample, request.seed);
      if (!one) {
        complain("without `" + part->name + "`: " + one.error().message);
        continue;
      }
      auto columns = observed_columns(*part, *stage.environment, (*skill)->name);
      if (!columns) return fail(columns.error(), wrong_input);
      stage.parts.push_back({part->name, make_seeing(std::move(*one), std::move(*columns))});
    }
  }
  if (const Status status = set_up(stage, run.roots(), request.seed); !status)
    return fail(status.error(), outside_failed);
  if (const Status status = embed(*plan, *acts, run, *stage.world); !status)
    return fail(status.error(), wrong_input);
  return stage;
}

std::variant<Stage, int> stage_from_program(const std::string& file, const std::string& policy,
                                            const StageRequest& request) {
  auto found = world_of_program(file, request.world);
  if (const int* status = std::get_if<int>(&found)) return *status;
  ProgramWorld& world = std::get<ProgramWorld>(found);
  Stage stage;
  stage.title = policy + " actions in " + world.environment.world;
  stage.environment = std::make_unique<EnvironmentPlan>(std::move(world.environment));
  stage.actor = policy == "zero" ? make_zero_actor() : make_random_actor(Random(request.seed, 2000));
  if (const Status status = set_up(stage, world.roots, request.seed); !status)
    return fail(status.error(), outside_failed);
  return stage;
}

std::string to_text(const EvaluationResult& result, const Stage& stage) {
  std::string text = stage.title + ", " + std::to_string(result.episodes) +
                     (result.episodes == 1 ? " episode\n" : " episodes\n");
  if (has_return(stage)) put_line(text, "return", spread(result.episode_return));
  put_line(text, "length", spread(result.length) + " steps");
  if (result.has_success) put_line(text, "success rate", number_text(result.success_rate));
  for (const Statistic& measure : result.measures) put_line(text, "measure " + measure.name, spread(measure));
  for (const Statistic& term : result.reward_terms) put_line(text, "reward " + term.name, spread(term));
  if (result.unstable_episodes > 0)
    put_line(text, "unstable episodes",
             std::to_string(result.unstable_episodes) + " (ended by the simulator)");
  return text;
}

std::string to_text(const EvaluationResult& result, const std::vector<EvaluationResult>& parts,
                    const Stage& stage) {
  std::vector<const EvaluationResult*> all{&result};
  std::vector<std::string> head{stage.skill};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    all.push_back(&parts[i]);
    head.push_back(stage.parts[i].name);
  }
  std::vector<std::vector<std::string>> rows{head};
  rows[0].insert(rows[0].begin(), "");
  const auto row = [&](const std::string& name, const auto& cell) {
    rows.push_back({name});
    for (const EvaluationResult* one : all) rows.back().push_back(cell(*one));
  };
  if (has_return(stage))
    row("return", [](const EvaluationResult& one) { return spread(one.episode_return); });
  row("length", [](const EvaluationResult& one) { return spread(one.length); });
  if (result.has_success)
    row("success rate", [](const EvaluationResult& one) { return number_text(one.success_rate); });
  const auto list = [&](const char* what, std::vector<Statistic> EvaluationResult::*statistics) {
    for (std::size_t i = 0; i < (result.*statistics).size(); ++i)
      row(what + (result.*statistics)[i].name,
          [&](const EvaluationResult& one) { return spread((one.*statistics)[i]); });
  };
  list("reward of ", &EvaluationResult::part_rewards);
  list("measure ", &EvaluationResult::measures);
  list("reward ", &EvaluationResult::reward_terms);
  row("unstable episodes", [](const EvaluationResult& one) { return std::to_string(one.unstable_episodes); });
  if (std::all_of(all.begin(), all.end(), [](const auto* one) { return one->unstable_episodes == 0; }))
    rows.pop_back();

  const auto width_of = [](const std::string& text) {  // of UTF-8
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  };
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& cells : rows)
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], width_of(cells[i]));
  std::string text =
      stage.title + " beside its parts, " + std::to_string(result.episodes) + " episodes each\n";
  for (const auto& cells : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < cells.size(); ++i)
      line += " " + cells[i] + std::string(widths[i] - width_of(cells[i]) + 1, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

namespace {

void put_result(JsonWriter& out, const EvaluationResult& result, const Stage& stage) {
  if (has_return(stage)) put_statistic(out, "return", result.episode_return);
  put_statistic(out, "length", result.length);
  if (result.has_success) out.member("success_rate", result.success_rate);
  for (const auto& [name, list] :
       {std::pair{"measures", &result.measures}, std::pair{"rewards", &result.reward_terms},
        std::pair{"part_rewards", &result.part_rewards}}) {
    if (list == &result.part_rewards && list->empty()) continue;
    out.key(name).begin_object();
    for (const Statistic& statistic : *list) put_statistic(out, statistic.name, statistic);
    out.end_object();
  }
  out.member("unstable_episodes", result.unstable_episodes);
}

}  // namespace

std::string to_json(const EvaluationResult& result, const std::vector<EvaluationResult>& parts,
                    const Stage& stage) {
  JsonWriter out;
  out.begin_object();
  out.member("title", stage.title).member("episodes", result.episodes);
  put_result(out, result, stage);
  if (!parts.empty()) {
    out.key("parts").begin_object();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      out.key(stage.parts[i].name).begin_object();
      put_result(out, parts[i], stage);
      out.end_object();
    }
    out.end_object();
  }
  out.end_object();
  return out.text();
}

}  // namespace motet::cli
