#include "compiler/lower.h"

#include <algorithm>
#include <set>

#include "compiler/lower_contract.h"
#include "compiler/lower_hash.h"
#include "compiler/lower_paths.h"
#include "compiler/lower_skill.h"
#include "compiler/plan/sha256.h"

namespace motet {

namespace fs = std::filesystem;

namespace {

// The program's texts, wherever they lie and in whatever order they were read.
std::string program_hash(const SourceMap& sources) {
  std::multiset<std::string> hashes;
  for (std::uint32_t i = 0; i < sources.size(); ++i)
    if (fs::path(sources.file(i).path()).extension() == ".motet")
      hashes.insert(sha256_hex(sources.file(i).text()));
  Sha256 hash;
  for (const std::string& text : hashes) hash.update(text);
  return hash.hex();
}

Hyperparameters run_values(const OutsideSettings& settings) {
  Hyperparameters values;
  for (const char* key : {"backend", "device", "output", "seed", "threads"})
    values.all.push_back(resolve(key, {}, settings));
  Hyperparameter &backend = values.all[0], &device = values.all[1];
  if (backend.origin == Origin::fallback && std::get<std::string>(device.value) != "cpu") {
    backend.value.emplace<std::string>("torch");
    backend.source = "for this device";
  }
  return values;
}

// Errors for models that a run folder could not keep.
void check_roots(const PolicyGraph& graph, const std::vector<fs::path>& library, Diagnostics& diagnostics) {
  const fs::path project = graph.program.parent_path();
  const auto check = [&](const fs::path& file, Span span) {
    if (file.empty() || !plan_path(file, project, library).empty()) return;
    diagnostics.add({Code::M0607,
                     "`" + file.string() + "` lies neither in the program's folder nor in the library",
                     {span, ""},
                     {},
                     {},
                     {"move it below `" + project.string() + "`"}});
  };
  for (const RobotNode& robot : graph.robots) check(robot.model_file, robot.span);
  for (const WorldNode& world : graph.worlds) check(world.scene_file, world.span);
}

// A skill comes one stage after the last of those below it. What is imported is there already.
std::vector<StagePlan> stages(const PolicyGraph& graph) {
  std::vector<std::size_t> after(graph.skills.size(), 0);
  std::vector<StagePlan> stages;
  for (std::size_t i = 0; i < graph.skills.size(); ++i) {
    for (const std::size_t lower : skills_below(graph.skills[i])) after[i] = std::max(after[i], after[lower]);
    if (graph.skills[i].kind == SkillPlan::Kind::imported) continue;
    if (stages.size() <= after[i]) stages.resize(after[i] + 1);
    stages[after[i]].skills.push_back(graph.skills[i].name);
    ++after[i];
  }
  return stages;
}

Status check_models(const Plan& plan, const PolicyGraph& graph) {
  for (std::size_t i = 0; i < graph.skills.size(); ++i) {
    if (!graph.skills[i].environment) continue;
    const EnvironmentPlan& environment = plan.skills[i].environment;
    if (!environment.model_hash.empty() || (environment.scene.empty() && environment.robot.model.empty()))
      continue;
    const WorldNode& world = graph.worlds[graph.skills[i].environment->world];
    const fs::path& file = world.scene_file.empty() ? graph.robots[world.robot].model_file : world.scene_file;
    const auto hash = model_hash(file);
    return Error{hash ? "`" + file.string() + "` changed while it was read" : hash.error().message};
  }
  return {};
}

}  // namespace

Result<Plan> lower(const PolicyGraph& graph, const OutsideSettings& settings, const SourceMap& sources,
                   const std::vector<fs::path>& library, Diagnostics& diagnostics) {
  Plan plan;
  plan.program = graph.program.filename().string();
  plan.program_hash = program_hash(sources);
  plan.run_settings = run_values(settings);
  plan.run = run_settings(plan.run_settings);
  check_roots(graph, library, diagnostics);
  for (const SkillNode& skill : graph.skills)
    plan.skills.push_back(lower_skill(graph, skill, {settings, sources, library, diagnostics}));
  resolve_layers(plan);
  if (const Status models = check_models(plan, graph); !models) return models.error();
  for (std::size_t i = 0; i < plan.skills.size() && !diagnostics.has_errors(); ++i)
    check_contract(plan, plan.skills[i], graph.skills[i], diagnostics);
  for (SkillPlan& skill : plan.skills) skill.hash = slice_hash(plan, skill);
  plan.stages = stages(graph);
  return plan;
}

}  // namespace motet
