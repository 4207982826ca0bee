#pragma once

// Training of one skill, start to end, in a folder: resumable after every checkpoint. No LibTorch in
// this header.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/episodes/exchange.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/simulation/world.h"

namespace motet {

// One row of metrics.csv, written at every evaluation; the same names as TensorBoard tags.
struct Metric {
  std::string name;  // "eval/return", "train/return", "loss/critic", "temperature", "reward/run", ...
  double value;
};

// What the command line shows while it waits.
struct Progress {
  std::string skill;
  std::int64_t step = 0, steps = 0;
  std::int64_t updates = 0;
  double steps_per_second = 0;  // over the last few seconds
  double seconds_left = 0;
  double train_return = 0;  // mean of the last episodes; NaN before the first
  double success_rate = 0;  // of the last episodes; NaN where the world has no success
  double eval_return = 0;   // the last evaluation; NaN before the first
  double temperature = 0;
  double entropy = 0;  // -E[log pi], nats
  std::int64_t unstable_episodes = 0;
  std::string unstable_reason;
};

struct TrainingRequest {
  const Plan* plan = nullptr;
  std::string skill;
  ModelRoots roots;
  std::filesystem::path folder;  // skills/NAME of the run: checkpoint.bin, replay.bin, metrics.csv, ...
  // The folder of another skill of the plan: one that it stands on or starts from, or a part.
  FolderOf folder_of;
  std::uint64_t seed = 1;
  bool resume = true;                                // continue from the folder's checkpoint, if there is one
  std::function<void(const Progress&)> on_progress;  // a few times a second at most
  std::function<void(std::int64_t step, const std::vector<Metric>&)> on_evaluation;
  std::function<void(const std::string&)> on_message;  // one line for the user
  RobotExchange* robot = nullptr;  // that collects what is learnt from; null: the skill's simulated world
  const std::atomic<bool>* interrupt = nullptr;  // set by Ctrl-C: saves and returns
};

enum class TrainingEnd { finished, interrupted };

// Errors: no memory for the replay, a checkpoint that does not fit, a full disk, a diverged network.
// The last checkpoint is intact in each case.
Result<TrainingEnd> train(const TrainingRequest& request);

// Bytes the replay of this skill takes, allocated once before the first step.
std::int64_t replay_bytes(const SkillPlan& skill);

}  // namespace motet
