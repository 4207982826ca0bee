#include <iostream>

#include "cli/chart.h"
#include "cli/curves.h"
#include "cli/run_folder.h"
#include "runtime/archive/archive.h"

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

// One series for each trained skill of a run, over its seeds.
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
    std::vector<Curve> curves;
    for (const fs::path& seed : seeds) {
      const fs::path metrics = RunFolder{seed}.skill(skill.name) / "metrics.csv";
      std::error_code error;
      if (!fs::exists(metrics, error)) continue;
      auto curve = read_curve(metrics, metric);
      if (!curve) return curve.error();
      curves.push_back(std::move(*curve));
    }
    if (!curves.empty()) chart.series.push_back(combine(label_of(path, skill.name, curves.size()), curves));
  }
  if (chart.series.size() > before) return {};
  if (!only.empty()) return Error{"`" + only + "` has not been trained in `" + path.string() + "` yet"};
  return Error{"nothing has been trained in `" + path.string() + "` yet"};
}

int run(const Arguments& arguments) {
  const auto output = arguments.value("--output");
  if (!output || fs::path(*output).extension() != ".svg") {
    complain("`plot` needs a file to draw to: -o FILE.svg");
    return wrong_usage;
  }
  const std::string metric = arguments.value("--metric").value_or("eval/return");
  Chart chart;
  chart.x_label = "environment steps";
  chart.y_label = metric == "eval/return" ? "return of the mean action" : metric;
  chart.title = "Learning curves";
  for (const std::string& path : arguments.positional)
    if (const Status added = add_run(chart, path, arguments.value("--skill").value_or(""), metric); !added) {
      complain(added.error().message);
      return wrong_input;
    }
  if (const Status written = write_file(*output, to_svg(chart)); !written) {
    complain(written.error().message);
    return outside_failed;
  }
  std::cout << *output << '\n';
  return done;
}

}  // namespace

Command plot_command() {
  return {.name = "plot",
          .operands = "RUN...",
          .summary = "draw learning curves",
          .description =
              "Draws a curve for each trained skill of each run. A run of several seeds is drawn as their\n"
              "interquartile mean, with its 95 % bootstrap interval.",
          .options = {{"--output", "FILE", "an .svg file", 'o'},
                      {"--skill", "NAME", "only this skill"},
                      {"--metric", "NAME", "a column of metrics.csv (default: eval/return)"}},
          .examples = {{"motet plot runs/reaching -o curves.svg", "how it learnt"},
                       {"motet plot runs/a runs/b -o curves.svg --metric temperature",
                        "two runs, another column"}},
          .least = 1,
          .most = 100,
          .run = run};
}

}  // namespace motet::cli
