#pragma once

// A trained skill, or a plain policy, in a world that is ready to step: what eval and run share.

#include <memory>
#include <optional>
#include <string>

#include "cli/run_folder.h"
#include "runtime/learning/evaluation.h"

namespace motet::cli {

struct Stage {
  std::string title;  // "reach in table"
  std::unique_ptr<EnvironmentPlan> environment;
  std::unique_ptr<World> world;
  std::unique_ptr<Actor> actor;
};

struct StageRequest {
  std::string skill;    // empty: the last one trained
  std::string world;    // empty: the skill's own
  bool sample = false;  // the policy's distribution instead of its mean
  std::uint64_t seed = 1;
};

// From a run's folder. Prints what is wrong and returns an exit status if it cannot be set.
std::variant<Stage, int> stage_from_run(const std::filesystem::path& run, const StageRequest& request);

// From a program: a world by itself and `zero` or `random` actions.
std::variant<Stage, int> stage_from_program(const std::string& file, const std::string& policy,
                                            const StageRequest& request);

// Return, success, measures and reward terms of the stage's episodes, aligned or as one JSON object. A
// world by itself has reward terms and no return.
std::string to_text(const EvaluationResult& result, const Stage& stage);
std::string to_json(const EvaluationResult& result, const Stage& stage);

}  // namespace motet::cli
