#pragma once

// The networks of a skill and what changes them: soft actor-critic (Alg. 2 and 3) or soft Q-learning
// (Alg. 1). No LibTorch in this header.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/engine/team.h"
#include "runtime/instructions/random.h"
#include "runtime/learning/learner_state.h"
#include "runtime/learning/temperature.h"

namespace motet {

// Who computes the updates: "native", on the CPU, or "torch", on a device that LibTorch has.
struct Compute {
  std::string backend = "native";
  std::string device = "cpu";
};

class Learner {
 public:
  // `seed` decides the networks' first values and all noise of the updates. `team` outlives the learner.
  // Errors: the backend or its device is not to be had here.
  static Result<std::unique_ptr<Learner>> make(const LearnerShape& shape, const SacSettings& settings,
                                               std::uint64_t seed, const Compute& compute, Team& team);
  static Result<std::unique_ptr<Learner>> make(const LearnerShape& shape, const SqlSettings& settings,
                                               std::uint64_t seed, const Compute& compute, Team& team);
  // By the skill's algorithm. `held`: control steps of a transition; the settings' discount is of one.
  static Result<std::unique_ptr<Learner>> make(const SkillPlan& skill, std::int64_t held, std::uint64_t seed,
                                               const Compute& compute, Team& team);

  // One gradient step on rows of a replay, settings.batch slots: critics, targets, policy, temperature.
  // `step`: environment steps so far, which what is annealed follows.
  UpdateStatistics update(const ReplayBuffer& replay, std::span<const std::int64_t> slots, std::int64_t step);
  std::int64_t updates() const { return updates_; }
  double temperature(std::int64_t step) const { return temperature_.value(step); }

  // The policy as it is now.
  PolicyShape policy_shape() const { return state_.shape.policy_shape(); }
  std::span<const float> policy_parameters() const { return state_.policy.values(); }
  // What a sampler's noise is taken from at this step, [K, m]; empty where it is drawn anew.
  std::span<const float> noise_set(std::int64_t step) const;

  // For tests and for looks inside: all critics, [critics, B].
  std::vector<float> q_values(std::span<const float> observations, std::span<const float> actions);

  // False where a parameter is infinite or NaN.
  bool finite();

  void save(Archive& archive);
  Status restore(const Archive& archive);
  // The networks of another skill's checkpoint, to begin with (Sec. 3.4).
  Status start_from(const Archive& archive);
  // Those of a policy, as large as this one's: layers that become one. The critics are new.
  void start_from_policy(std::span<const float> parameters);

 private:
  Learner(LearnerState state, TemperatureSchedule temperature, std::uint64_t seed);
  Status take_backend(const Compute& compute, Team& team);
  void draw_noise(std::int64_t step);

  LearnerState state_;
  TemperatureSchedule temperature_;
  Random random_;
  AlignedFloats next_noise_, noise_;
  std::vector<float> noise_set_;  // [K, m], all of it
  std::int64_t noise_set_steps_ = 0;
  std::int64_t updates_ = 0;
  std::unique_ptr<LearnerBackend> backend_;
};

// The networks of this skill.
LearnerShape learner_shape(const SkillPlan& skill);

}  // namespace motet
