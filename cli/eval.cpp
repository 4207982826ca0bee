#include <iostream>

#include "cli/episodes.h"

namespace motet::cli {

namespace {

int run(const Arguments& arguments) {
  const auto episodes = whole_number(arguments, "--episodes", 20, 1, 1'000'000);
  const auto seed = whole_number(arguments, "--seed", 1, 0, 1'000'000'000);
  const std::string form = arguments.value("--format").value_or("text");
  if (!episodes || !seed) return wrong_usage;
  if (form != "text" && form != "json") {
    complain("`--format` is text or json, not `" + form + "`");
    return wrong_usage;
  }
  StageRequest request;
  request.skill = arguments.value("--skill").value_or("");
  request.world = arguments.value("--in").value_or("");
  request.sample = arguments.flag("--sample");
  request.seed = static_cast<std::uint64_t>(*seed);
  request.with_parts = true;
  auto set = stage_from_run(arguments.positional[0], request);
  if (const int* status = std::get_if<int>(&set)) return *status;
  Stage& stage = std::get<Stage>(set);
  const EvaluationResult result = evaluate(*stage.world, *stage.actor, *episodes);
  std::vector<EvaluationResult> parts;
  request.with_parts = false;
  for (const StagePart& part : stage.parts) {
    // The same episodes begin again.
    auto again = stage_from_run(arguments.positional[0], request);
    if (const int* status = std::get_if<int>(&again)) return *status;
    parts.push_back(evaluate(*std::get<Stage>(again).world, *part.actor, *episodes));
  }
  if (form == "json") {
    std::cout << to_json(result, parts, stage) << "\n";
  } else {
    std::cout << (parts.empty() ? to_text(result, stage) : to_text(result, parts, stage));
  }
  return done;
}

}  // namespace

Command eval_command() {
  return {.name = "eval",
          .operands = "RUN",
          .summary = "measure a trained skill",
          .description =
              "Runs episodes with the policy's mean action and prints return, success, every measure and\n"
              "every reward term, as mean ± standard deviation over the episodes. A composed skill is shown\n"
              "beside its parts, each on every part's reward. Samplers and flows have no mean action: they "
              "sample.",
          .options = {{"--skill", "NAME", "which skill (default: the last one that the run trained)"},
                      {"--in", "WORLD", "in another world of the program"},
                      {"--episodes", "N", "how many (default: 20)"},
                      {"--seed", "N", "of the worlds (default: 1)"},
                      {"--sample", "", "draw actions from the policy instead of taking its mean"},
                      {"--format", "text|json", "text (the default), or one JSON object"}},
          .examples = {{"motet eval runs/reaching", "how good is it?"},
                       {"motet eval runs/reaching --episodes 100 --format json", "for a script"}},
          .least = 1,
          .most = 1,
          .run = run};
}

}  // namespace motet::cli
