#pragma once

// What a learner learns, by soft actor-critic or soft Q-learning: the same for every backend, and what a
// checkpoint holds.

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/plan/plan.h"
#include "runtime/engine/parameters.h"
#include "runtime/engine/policy_inference.h"
#include "runtime/learning/replay.h"

namespace motet {

struct LearnerShape {
  std::int64_t observation_size = 0, action_size = 0;
  std::vector<std::int64_t> policy_hidden = {256, 256};  // the critics' are in the settings
  PolicyKind policy = PolicyKind::gaussian;
  std::int64_t couplings = 2, units = 64;  // of a flow
  bool bounded = true;                     // see PolicyShape
  bool gaussian_prior = false;
  std::vector<FlowLayer> below = {};  // of a flow: see FlowShape

  PolicyShape policy_shape() const {
    return {policy, observation_size, action_size,    policy_hidden, couplings,
            units,  bounded,          gaussian_prior, below};
  }
};

// The Stein direction's bandwidth is never below this (of squared distances between actions before tanh).
inline constexpr double stein_floor = 1e-3;

struct LearnerState {
  // The networks' first values are drawn from `seed`. Of several soft Q-functions the smallest counts:
  // soft actor-critic has two, soft Q-learning one or two.
  LearnerState(const LearnerShape& shape, const SacSettings& settings, std::uint64_t seed);
  LearnerState(const LearnerShape& shape, const SqlSettings& settings, std::uint64_t seed);

  // Of Q_i, 0 <= i < critics.
  std::span<float> critic_values(std::size_t i) { return one_of(critic.values(), i); }
  std::span<float> target_values(std::size_t i) { return one_of(target.values(), i); }

  bool finite() const;
  void save(Archive& archive) const;
  Status restore(const Archive& archive);
  // The networks of another skill, to begin with; the optimisers stay as they are.
  Status restore_networks(const Archive& archive);

  LearnerShape shape;
  LearnSettings settings;
  bool soft_q_learning = false;
  std::int64_t particles = 1;      // actions a state that the policy learns from
  std::int64_t value_samples = 1;  // actions a state that the soft value is taken from
  double log_volume = 0;           // of what they are drawn from, where they are uniform
  bool value_by_policy = false;    // they are actions of the policy, not of their prior
  std::size_t critics;
  MlpSizes critic_sizes;  // n + m -> 1
  TrainedParameters policy;
  TrainedParameters critic;  // all of Q_1, then all of Q_2, where there are two
  AlignedFloats target;      // of the critics

 private:
  LearnerState(const LearnerShape& shape, const LearnSettings& settings, std::size_t critics,
               double critic_rate, double policy_rate, std::uint64_t seed);
  std::span<float> one_of(std::span<float> all, std::size_t i) const {
    return all.subspan(i * all.size() / critics, all.size() / critics);
  }
};

// What one update saw; means over its batch.
struct UpdateStatistics {
  double critic_loss = 0, actor_loss = 0;
  double q = 0;            // of the policy's own actions: the smaller critic's
  double entropy = 0;      // nats; of soft Q-learning: of the policy that the soft Q-function asks for
  double temperature = 0;  // used in this update
};

// One gradient step on a batch: slots of a replay, and the noise of the policy's samples.
struct UpdateBatch {
  const ReplayBuffer* replay;
  std::span<const std::int64_t> slots;  // [B]
  // Soft actor-critic: [B, m], N(0, I), of a' ~ pi(.|s'). Soft Q-learning: [B, K_V, m], of the soft
  // value: uniform actions, or normal latents.
  std::span<const float> next_noise;
  std::span<const float> noise;  // [B, K, m], of a ~ pi(.|s)
  double temperature;
  bool update_target;
};

// Who computes the updates of a state, and where.
class LearnerBackend {
 public:
  virtual ~LearnerBackend() = default;

  // Critics, targets where asked, policy: Eq. 4.5 and 4.9, or Eq. 3.9 and 3.12.
  virtual UpdateStatistics update(const UpdateBatch& batch) = 0;
  // The state has been changed from outside: read all of it anew.
  virtual void reload() = 0;
  // A backend that works on a copy of the state brings the state up to date.
  virtual void store() {}
};

}  // namespace motet
