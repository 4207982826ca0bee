#pragma once

// A trained skill, or a plain policy, in a world that is ready to step: what eval and run share.

#include <memory>
#include <optional>
#include <string>

#include "cli/program_world.h"
#include "cli/run_folder.h"
#include "runtime/learning/evaluation.h"

namespace motet::cli {

// A part of a composed skill, by itself in the same world.
struct StagePart {
  std::string name;
  std::unique_ptr<Actor> actor;
};

struct Stage {
  std::string title;  // "reach in table"
  std::string skill;  // empty: a world by itself
  std::vector<StagePart> parts;
  std::unique_ptr<EnvironmentPlan> environment;
  std::unique_ptr<World> world;
  std::unique_ptr<Actor> actor;
};

// A layer whose latent is fixed: the skill, or one below it.
struct FixedLatent {
  std::string skill;
  std::vector<float> values;
};

struct StageRequest {
  std::string skill;        // empty: the last one trained
  std::string world;        // empty: the skill's own
  bool sample = false;      // the policy's distribution instead of its mean
  bool with_parts = false;  // of a composed skill
  std::uint64_t seed = 1;
  std::optional<FixedLatent> latent;
};

// From a run's folder. Prints what is wrong and returns an exit status if it cannot be set.
std::variant<Stage, int> stage_from_run(const std::filesystem::path& run, const StageRequest& request);

// From a program: a world by itself and `zero` or `random` actions.
std::variant<Stage, int> stage_from_program(const std::string& file, const std::string& policy,
                                            const StageRequest& request);

// Return, success, measures and reward terms of the stage's episodes, aligned or as one JSON object. A
// world by itself has reward terms and no return.
std::string to_text(const EvaluationResult& result, const Stage& stage);
// A composed skill beside its parts, each over the same episodes: `parts` in the stage's order.
std::string to_text(const EvaluationResult& result, const std::vector<EvaluationResult>& parts,
                    const Stage& stage);
std::string to_json(const EvaluationResult& result, const std::vector<EvaluationResult>& parts,
                    const Stage& stage);

}  // namespace motet::cli
