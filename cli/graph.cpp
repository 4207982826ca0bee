#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <variant>

#include "cli/curves.h"
#include "cli/run_folder.h"
#include "compiler/diagram.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

bool is_drawable(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return ending == ".svg" || ending == ".png" || ending == ".pdf" || ending == ".dot";
}

int write_picture(const std::string& dot, const std::string& output) {
  if (const Status drawn = draw(dot, output); !drawn) return fail(drawn.error(), outside_failed);
  std::cout << output << '\n';
  return done;
}

// What all seeds of a run have made of a skill: finished, where all have; the means of their last rows.
SkillProgress progress_of(const std::vector<fs::path>& seeds, const SkillPlan& skill) {
  SkillProgress progress;
  std::size_t finished = 0, begun = 0;
  double steps = 0, returns = 0, success = 0;
  std::size_t measured = 0, with_success = 0;
  for (const fs::path& seed : seeds) {
    const RunFolder run{seed};
    const auto manifest = read_manifest(run);
    if (!manifest) continue;
    const auto record = manifest->skills.find(skill.name);
    if (record == manifest->skills.end()) continue;
    ++begun;
    finished += record->second.state == "finished";
    const fs::path metrics = run.skill(skill.name) / "metrics.csv";
    const auto curve = read_curve(metrics, "eval/return");
    if (!curve) continue;
    ++measured;
    steps += curve->step.back();
    returns += curve->value.back();
    if (const auto rate = read_curve(metrics, "eval/success"); rate && std::isfinite(rate->value.back())) {
      ++with_success;
      success += rate->value.back();
    }
  }
  using State = SkillProgress::State;
  progress.state = begun == 0                 ? State::untrained
                   : finished == seeds.size() ? State::trained
                                              : State::unfinished;
  if (progress.state == State::untrained) progress.lines.push_back("not trained");
  char line[80];
  if (progress.state == State::unfinished && measured > 0 && skill.kind == SkillPlan::Kind::learned) {
    std::snprintf(line, sizeof line, "%.0f %% of its steps",
                  100 * steps / static_cast<double>(measured) / static_cast<double>(skill.learning().steps));
    progress.lines.push_back(line);
  }
  if (measured > 0) {
    std::snprintf(line, sizeof line, "return %.4g", returns / static_cast<double>(measured));
    progress.lines.push_back(line);
    if (measured > 1) progress.lines.back() += ", mean of " + std::to_string(measured) + " seeds";
  }
  if (with_success > 0) {
    std::snprintf(line, sizeof line, "success %.0f %%", 100 * success / static_cast<double>(with_success));
    progress.lines.push_back(line);
  }
  return progress;
}

// The hierarchy of the program that a run keeps, and what is trained of it.
std::variant<std::string, int> dot_of_run(const fs::path& folder) {
  std::vector<fs::path> seeds = seed_folders(folder);
  if (seeds.empty()) seeds.push_back(folder);
  const RunFolder run{seeds.front()};
  const auto plan = read_plan(run);
  if (!plan) return fail(plan.error(), wrong_input);
  auto compilation = compile(run, *plan);
  if (!compilation) return fail(compilation.error(), wrong_input);
  if (!compilation->graph) {
    report(*compilation);
    return wrong_input;
  }
  std::map<std::string, SkillProgress> progress;
  for (const SkillPlan& skill : plan->skills) progress[skill.name] = progress_of(seeds, skill);
  return hierarchy_dot(*compilation->graph, progress);
}

int run(const Arguments& arguments) {
  const auto output = arguments.value("--output");
  if (!output) {
    complain("`graph` needs a file to draw to: -o FILE.svg, .png, .pdf or .dot");
    return wrong_usage;
  }
  if (!is_drawable(*output)) {
    complain("a diagram is drawn as .svg, .png, .pdf or .dot, not as `" + *output + "`");
    return wrong_usage;
  }
  std::string dot;
  std::error_code error;
  if (fs::is_directory(arguments.positional[0], error)) {
    if (arguments.flag("--plan")) {
      complain("`--plan` draws the stages of a program, and `" + arguments.positional[0] + "` is a folder");
      return wrong_usage;
    }
    auto drawn = dot_of_run(arguments.positional[0]);
    if (const int* status = std::get_if<int>(&drawn)) return *status;
    return write_picture(std::get<0>(drawn), *output);
  }
  Compilation compilation = compile(arguments.positional[0], library_folders());
  if (arguments.flag("--plan")) {
    const auto plan = make_plan(compilation, arguments);
    report(compilation);
    if (!plan) return wrong_input;
    dot = plan_dot(*plan);
  } else {
    report(compilation);
    if (!compilation.graph) return wrong_input;
    dot = hierarchy_dot(*compilation.graph);
  }
  return write_picture(dot, *output);
}

}  // namespace

Command graph_command() {
  auto options = settings_options();
  options.insert(options.begin(), {{"--output", "FILE", "a .svg, .png, .pdf or .dot file", 'o'},
                                   {"--plan", "", "draw the training stages instead of the hierarchy"}});
  return {
      .name = "graph",
      .operands = "FILE|RUN",
      .summary = "draw the policy hierarchy",
      .description =
          "Draws robots, worlds, rewards with their weights, skills with their learner and policy,\n"
          "compositions and layers. Of a run: with what is trained of it, and how well (the last "
          "evaluation,\n"
          "or its mean over the seeds).",
      .options = options,
      .examples = {{"motet graph reaching.motet -o reaching.svg", "the hierarchy, for a page"},
                   {"motet graph runs/reaching -o reaching.svg", "what is trained, and how well"},
                   {"motet graph reaching.motet --plan -o plan.pdf", "what is trained, and in which order"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli
