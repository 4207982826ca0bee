#pragma once

// The loop of Algorithm 2: act, store, update; measure, save.

#include <memory>
#include <optional>
#include <vector>

#include "runtime/learning/collector.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/metrics.h"
#include "runtime/learning/pace.h"
#include "runtime/learning/replay.h"
#include "runtime/learning/replay_file.h"
#include "runtime/learning/sac.h"
#include "runtime/learning/statistics.h"
#include "runtime/learning/training.h"

namespace motet {

class Trainer {
 public:
  // At the folder's checkpoint, or at step 0. `request` and its plan outlive the trainer.
  static Result<std::unique_ptr<Trainer>> make(const TrainingRequest& request);

  // To the last step, or to an interrupt; the folder then holds a checkpoint of where it stopped.
  Result<TrainingEnd> run();

 private:
  Trainer(const TrainingRequest& request, const SkillPlan& skill, std::unique_ptr<Collector> collector,
          std::unique_ptr<World> evaluation_world, ReplayBuffer replay);

  Status begin();
  Status resume(const Archive& archive);
  ReplayFile::Layout replay_layout() const;
  std::int64_t checkpoint_interval() const;  // the settings', or less where replay.bin has less room

  Status advance();  // one step of every world, and the updates that belong to it
  Status update();
  Status measure();                                         // an evaluation, and a row of the log
  std::vector<Metric> row(const EvaluationResult& result);  // begins the means anew
  Status save();
  void report(bool now);

  bool crossed(std::int64_t interval) const;  // has this step taken it over a multiple?
  double seconds() const;
  std::int64_t unstable_episodes() const;  // in training and in evaluation
  Error diverged(const std::string& what) const;
  void say(const std::string& line) const;

  const TrainingRequest& request_;
  const SkillPlan& skill_;
  std::unique_ptr<Collector> collector_;
  std::unique_ptr<World> evaluation_world_;
  ReplayBuffer replay_;
  SoftActorCritic learner_;
  TransitionBatch batch_;
  Random batches_, actions_;
  TrainingStatistics statistics_;
  std::optional<ReplayFile> replay_file_;
  std::optional<MetricsLog> log_;

  std::int64_t replay_slack_ = 0;  // transitions that replay.bin has room for between checkpoints
  std::int64_t step_ = 0, previous_step_ = 0, saved_step_ = -1;
  double evaluation_return_;   // the last one's; NaN before the first
  double seconds_before_ = 0;  // of the sessions before this one
  Pace pace_;
};

// Transitions the replay of this skill holds: no more than there will ever be.
std::int64_t replay_capacity(const SkillPlan& skill);

}  // namespace motet
