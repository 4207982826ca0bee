#include "cli/plot_command.h"

#include <algorithm>
#include <filesystem>
#include <span>

namespace motet::cli {

namespace {

constexpr const char* of_runs[] = {"--skill", "--metric", "--trajectories", "--x",   "--y",
                                   "--at",    "--in",     "--episodes",     "--seed"};
constexpr const char* of_recordings[] = {"--from", "--to"};
int (*plot_others)(const Arguments&) = nullptr;

int run(const Arguments& arguments) {
  const std::vector<std::string>& operands = arguments.positional;
  const bool recording = std::any_of(operands.begin(), operands.end(), is_recording);
  if (recording && operands.size() > 1) {
    complain("a recording is drawn by itself");
    return wrong_usage;
  }
  for (const char* option : recording ? std::span<const char* const>(of_runs) : of_recordings)
    if (arguments.flag(option)) {
      complain("`" + std::string(option) + "` is " + (recording ? "not " : "") + "for a recording");
      return wrong_usage;
    }
  const auto output = arguments.value("--output");
  if (!output || std::filesystem::path(*output).extension() != ".svg") {
    complain("`plot` needs a file to draw to: -o FILE.svg");
    return wrong_usage;
  }
  if (recording) return plot_recording(arguments);
  if (plot_others != nullptr) return plot_others(arguments);
  complain("`" + operands[0] + "` is no recording");
  return wrong_usage;
}

}  // namespace

bool is_recording(const std::string& operand) {
  return operand.ends_with(".motetrec");
}

Command plot_command(int (*runs)(const Arguments&)) {
  plot_others = runs;
  return {
      .name = "plot",
      .operands = "RUN...|RECORDING",
      .summary = "draw learning curves, paths over a soft Q-function, or a run on a robot",
      .description =
          "Draws a curve for each trained skill of each run. A run of several seeds is drawn as their\n"
          "interquartile mean, with its 95 % bootstrap interval. The curve of a skill that stands on others\n"
          "begins where theirs end.\n"
          "With --trajectories: the paths of a skill's episodes over two observed coordinates, on level\n"
          "curves of its soft value; --at draws its soft Q-function over the first two actions at a\n"
          "state, with actions drawn from the policy.\n"
          "Of a recording: when it observed and how late it was, its controls, its joints and its actions,\n"
          "over time. Where many ticks fall on one spot, from the least to the largest.",
      .options = {{"--output", "FILE", "an .svg file", 'o'},
                  {"--skill", "NAME", "only this skill"},
                  {"--metric", "NAME", "a column of metrics.csv (default: eval/return)"},
                  {"--from", "S", "of a recording: from this second on"},
                  {"--to", "S", "of a recording: up to this second"},
                  {"--trajectories", "", "paths and level curves instead of learning curves"},
                  {"--x", "NAME", "the coordinate to the right: its name or number (default: 0)"},
                  {"--y", "NAME", "the one upwards (default: 1)"},
                  {"--at", "X,Y", "a state to draw Q at; may be repeated"},
                  {"--in", "WORLD", "in another world of the program"},
                  {"--episodes", "N", "paths (default: 50)"},
                  {"--seed", "N", "of the world (default: 1)"}},
      .examples = {{"motet plot runs/reaching -o curves.svg", "how it learnt"},
                   {"motet plot runs/multi_goal --trajectories --at 2.5,2.5 -o paths.svg", "as Fig. 3.2"},
                   {"motet plot walk-20240506-070809.motetrec -o walk.svg", "how a run on a robot went"},
                   {"motet plot runs/a runs/b -o curves.svg --metric temperature",
                    "two runs, another column"}},
      .least = 1,
      .most = 100,
      .run = run};
}

}  // namespace motet::cli
