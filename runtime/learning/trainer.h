#pragma once

// The loop of Algorithms 1 and 2: act, store, update; measure, save.

#include <memory>
#include <optional>
#include <vector>

#include "runtime/engine/team.h"
#include "runtime/learning/collector.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/exploration.h"
#include "runtime/learning/learner.h"
#include "runtime/learning/metrics.h"
#include "runtime/learning/pace.h"
#include "runtime/learning/replay.h"
#include "runtime/learning/replay_file.h"
#include "runtime/learning/robot_experience.h"
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
  // What is made before a trainer, since it can fail.
  struct Parts {
    std::unique_ptr<Team> team, alone;
    std::unique_ptr<Learner> learner;
    std::unique_ptr<Collector> collector;
    std::unique_ptr<World> evaluation_world;
    std::string below;                       // digest of the layers below
    std::unique_ptr<RobotExperience> robot;  // that it learns from; null: from the collector's worlds
  };
  Trainer(const TrainingRequest& request, const SkillPlan& skill, Parts parts, ReplayBuffer replay);

  Status begin();
  Status start();  // from the skill that it starts from
  Status resume(const Archive& archive);
  ReplayFile::Layout replay_layout() const;
  std::int64_t checkpoint_interval() const;  // the settings', or less where replay.bin has less room

  Status advance_from_robot();
  Status offer(bool finished);  // the policy as it is, to the robot
  Status advance();             // some steps of every world, and the updates that belong to them
  Status advance_by_one();
  Status advance_ahead(std::int64_t steps);
  std::int64_t steps_ahead() const;  // that advance() may take at once
  void act(PolicyInference& policy);
  void update();
  Status end_of_advance();
  Status measure();                                         // an evaluation, and a row of the log
  std::vector<Metric> row(const EvaluationResult& result);  // begins the means anew
  Status save();
  Status finish();  // keeps the states of the replay, and no more of it
  void report(bool now);

  bool crossed(std::int64_t interval) const;  // has this step taken it over a multiple?
  double seconds() const;
  std::int64_t unstable_episodes() const;  // in training and in evaluation
  Error diverged(const std::string& what) const;
  void say(const std::string& line) const;

  const TrainingRequest& request_;
  const SkillPlan& skill_;
  const LearnSettings& settings_;
  Parts parts_;
  ReplayBuffer replay_;
  std::vector<std::int64_t> slots_;          // of the present batch
  std::vector<UpdateStatistics> seen_;       // by the updates of this advance()
  std::unique_ptr<PolicyInference> policy_;  // as it is now
  AlignedFloats acting_parameters_;          // of the policy that acts while the learner goes on
  std::unique_ptr<PolicyInference> acting_;
  std::vector<float> latents_;  // of the present episodes, [worlds, m], where they are drawn once for each
  OrnsteinUhlenbeckNoise noise_;
  Random batches_, actions_;
  TrainingStatistics statistics_;
  std::optional<ReplayFile> replay_file_;
  std::optional<MetricsLog> log_;

  std::int64_t replay_slack_ = 0;  // transitions that replay.bin has room for between checkpoints
  std::int64_t step_ = 0, previous_step_ = 0, saved_step_ = -1;
  double evaluation_return_;   // the last one's; NaN before the first
  double seconds_before_ = 0;  // of the sessions before this one
  Pace pace_;
  double received_ = -1e9, offered_ = -1e9;  // when, by the pace, the robot was heard and told last
};

// Errors: what a robot cannot collect for, and why.
Status can_learn_from_robot(const SkillPlan& skill);

// Transitions the replay of this skill holds: no more than there will ever be.
std::int64_t replay_capacity(const SkillPlan& skill);

}  // namespace motet
