#pragma once

// Soft actor-critic (Alg. 2), with a temperature that is fixed, annealed or learnt (Alg. 3). No
// LibTorch in this header.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/execution/random.h"
#include "runtime/learning/replay.h"

namespace motet {

// What one update saw; means over its batch.
struct UpdateStatistics {
  double critic_loss = 0, actor_loss = 0;
  double q = 0;            // the smaller critic's, of the policy's own actions
  double entropy = 0;      // -log pi, nats
  double temperature = 0;  // used in this update
};

// The networks of a skill and what changes them.
class SoftActorCritic {
 public:
  struct Shape {
    std::int64_t observation_size = 0, action_size = 0;
    std::vector<std::int64_t> policy_hidden = {256, 256};  // the critics' are in the settings
  };

  // `seed` decides the networks' first values and all noise of the updates.
  SoftActorCritic(const Shape& shape, const SacSettings& settings, std::uint64_t seed);
  ~SoftActorCritic();

  // One gradient step: critics (Eq. 4.5), policy (Eq. 4.9), temperature (Eq. 5.8), targets.
  // `step`: environment steps so far, which the annealed temperature follows.
  UpdateStatistics update(const TransitionBatch& batch, std::int64_t step);
  std::int64_t updates() const;
  double temperature(std::int64_t step) const;

  // One action of the present policy: a ~ pi(.|s), or its mean action tanh(mu(s)). observation [n],
  // action [m].
  void sample(std::span<const float> observation, Random& random, std::span<float> action);
  void mean(std::span<const float> observation, std::span<float> action);
  // For tests and for looks inside: both critics, [2, B], and mean and log sigma, [B, 2 m].
  std::vector<float> q_values(std::span<const float> observations, std::span<const float> actions) const;
  std::vector<float> policy_heads(std::span<const float> observations) const;

  // False where a parameter is infinite or NaN.
  bool finite() const;

  void save(Archive& archive) const;
  Status restore(const Archive& archive);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace motet
