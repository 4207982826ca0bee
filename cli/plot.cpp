#include <iostream>

#include "cli/chart.h"
#include "cli/curves.h"
#include "cli/plot_command.h"
#include "cli/run_folder.h"
#include "cli/trajectories.h"
#include "runtime/learning/lower_layers.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

std::string label_of(const fs::path& run, const std::string& skill, std::size_t seeds) {
  const fs::path clean = (run / "").parent_path();
  const std::string name = clean.filename().string();
  std::string label = name == skill ? skill : name + ": " + skill;
  if (seeds > 1) label += " (" + std::to_string(seeds) + " seeds)";
  return label;
}

// Control steps that were taken before a skill began: those of the layers below it, or of a composition's
// parts.
double steps_before(const Plan& plan, const SkillPlan& skill) {
  double steps = 0;
  std::vector<std::string> below = skill.parts;
  if (below.empty() && !skill.over.empty()) below.push_back(skill.over);
  for (const std::string& name : below) {
    const SkillPlan* lower = plan.find(name);
    if (lower == nullptr) continue;
    steps += steps_before(plan, *lower);
    if (lower->parts.empty())
      steps += static_cast<double>(lower->learning().steps) * static_cast<double>(held_steps(plan, *lower));
  }
  return steps;
}

// One series for each trained skill of a run, over its seeds. A layer's begins where those below it end
// (Fig. 7.4).
Status add_run(Chart& chart, const fs::path& path, const std::string& wanted, const std::string& metric) {
  std::vector<fs::path> seeds = seed_folders(path);
  if (seeds.empty()) seeds.push_back(path);
  const auto plan = read_plan({seeds.front()});
  if (!plan) return plan.error();
  std::string only;  // the skill's own name, where it was asked for by another
  if (!wanted.empty()) {
    const auto skill = find_skill({path}, *plan, wanted);
    if (!skill) return skill.error();
    only = (*skill)->name;
  }
  const std::size_t before = chart.series.size();
  for (const SkillPlan& skill : plan->skills) {
    if (!only.empty() && skill.name != only) continue;
    const double before_it = steps_before(*plan, skill);
    const auto held = static_cast<double>(held_steps(*plan, skill));
    std::vector<Curve> curves;
    for (const fs::path& seed : seeds) {
      const fs::path metrics = RunFolder{seed}.skill(skill.name) / "metrics.csv";
      std::error_code error;
      if (!fs::exists(metrics, error)) continue;
      // A composition has no returns: it is extracted without a world.
      if (only.empty() && skill.kind == SkillPlan::Kind::composed) continue;
      auto curve = read_curve(metrics, metric);
      if (!curve) return curve.error();
      for (double& step : curve->step) step = before_it + step * held;
      curves.push_back(std::move(*curve));
    }
    if (!curves.empty()) chart.series.push_back(combine(label_of(path, skill.name, curves.size()), curves));
  }
  if (chart.series.size() > before) return {};
  if (!only.empty()) return Error{"`" + only + "` has not been trained in `" + path.string() + "` yet"};
  return Error{"nothing has been trained in `" + path.string() + "` yet"};
}

int draw_trajectories(const Arguments& arguments, const std::string& output) {
  TrajectoryRequest request;
  const auto episodes = whole_number(arguments, "--episodes", 50, 1, 10'000);
  const auto seed = whole_number(arguments, "--seed", 1, 0, 1'000'000'000);
  if (!episodes || !seed) return wrong_usage;
  if (arguments.positional.size() > 1) {
    complain("`--trajectories` draws one run");
    return wrong_usage;
  }
  request.run = arguments.positional[0];
  request.skill = arguments.value("--skill").value_or("");
  request.world = arguments.value("--in").value_or("");
  request.x = arguments.value("--x").value_or("");
  request.y = arguments.value("--y").value_or("");
  request.at = arguments.values("--at");
  request.episodes = *episodes;
  request.seed = *seed;
  const auto panels = trajectory_panels(request);
  if (const int* status = std::get_if<int>(&panels)) return *status;
  if (const Status written = write_file(output, to_svg(std::get<0>(panels))); !written)
    return fail(written.error(), outside_failed);
  std::cout << output << '\n';
  return done;
}

}  // namespace

int plot_runs(const Arguments& arguments) {
  const std::string output = *arguments.value("--output");
  if (arguments.flag("--trajectories")) return draw_trajectories(arguments, output);
  const std::string metric = arguments.value("--metric").value_or("eval/return");
  Chart chart;
  chart.x_label = "environment steps";
  chart.y_label = metric == "eval/return" ? "return, evaluated" : metric;
  chart.title = "Learning curves";
  for (const std::string& path : arguments.positional)
    if (const Status added = add_run(chart, path, arguments.value("--skill").value_or(""), metric); !added)
      return fail(added.error(), wrong_input);
  if (const Status written = write_file(output, to_svg(chart)); !written)
    return fail(written.error(), outside_failed);
  std::cout << output << '\n';
  return done;
}

}  // namespace motet::cli
