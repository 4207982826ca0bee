#pragma once

// Soft actor-critic (Alg. 2), with a temperature that is fixed, annealed or learnt (Alg. 3). No
// LibTorch in this header.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/engine/team.h"
#include "runtime/execution/random.h"
#include "runtime/learning/sac_state.h"
#include "runtime/learning/temperature.h"

namespace motet {

// Who computes the updates: "native", on the CPU, or "torch", on a device that LibTorch has.
struct SacCompute {
  std::string backend = "native";
  std::string device = "cpu";
};

// The networks of a skill and what changes them.
class SoftActorCritic {
 public:
  // `seed` decides the networks' first values and all noise of the updates. `team` outlives the learner.
  // Errors: the backend or its device is not to be had here.
  static Result<std::unique_ptr<SoftActorCritic>> make(const SacShape& shape, const SacSettings& settings,
                                                       std::uint64_t seed, const SacCompute& compute,
                                                       Team& team);

  // One gradient step on rows of a replay, settings.batch slots: critics (Eq. 4.5), targets, policy
  // (Eq. 4.9), temperature (Eq. 5.8). `step`: environment steps so far, which the annealed temperature
  // follows.
  UpdateStatistics update(const ReplayBuffer& replay, std::span<const std::int64_t> slots, std::int64_t step);
  std::int64_t updates() const { return updates_; }
  double temperature(std::int64_t step) const { return temperature_.value(step); }

  // One action of the present policy: a ~ pi(.|s), or its mean action tanh(mu(s)). observation [n],
  // action [m].
  void sample(std::span<const float> observation, Random& random, std::span<float> action) {
    inference_.sample(observation, random, action);
  }
  void mean(std::span<const float> observation, std::span<float> action) {
    inference_.mean(observation, action);
  }
  // The policy as it is now, for one who acts while it changes.
  const MlpSizes& policy_sizes() const { return state_.policy_sizes; }
  std::span<const float> policy_parameters() const { return state_.policy.values(); }

  // For tests and for looks inside: both critics, [2, B], and mean and log sigma, [B, 2 m].
  std::vector<float> q_values(std::span<const float> observations, std::span<const float> actions);
  std::vector<float> policy_heads(std::span<const float> observations);

  // False where a parameter is infinite or NaN.
  bool finite();

  void save(Archive& archive);
  Status restore(const Archive& archive);

 private:
  SoftActorCritic(const SacShape& shape, const SacSettings& settings, std::uint64_t seed);

  SacState state_;
  TemperatureSchedule temperature_;
  Random random_;
  GaussianInference inference_;  // reads the state's policy
  AlignedFloats next_noise_, noise_;
  std::int64_t updates_ = 0;
  std::unique_ptr<SacBackend> backend_;
};

}  // namespace motet
