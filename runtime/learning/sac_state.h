#pragma once

// What soft actor-critic learns: the same for every backend, and what a checkpoint holds.

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/plan/plan.h"
#include "runtime/engine/gaussian_inference.h"
#include "runtime/engine/parameters.h"
#include "runtime/engine/perceptron.h"
#include "runtime/learning/replay.h"

namespace motet {

struct SacShape {
  std::int64_t observation_size = 0, action_size = 0;
  std::vector<std::int64_t> policy_hidden = {256, 256};  // the critics' are in the settings
};

struct SacState {
  // The networks' first values are drawn from `seed`.
  SacState(const SacShape& shape, const SacSettings& settings, std::uint64_t seed);

  // Of Q_1 or Q_2, i = 0 or 1.
  std::span<float> critic_values(std::size_t i) { return one_of_two(critic.values(), i); }
  std::span<float> target_values(std::size_t i) { return one_of_two(target.values(), i); }

  bool finite() const;
  void save(Archive& archive) const;
  Status restore(const Archive& archive);

  SacShape shape;
  SacSettings settings;
  MlpSizes policy_sizes, critic_sizes;  // n -> 2 m: mu, log sigma; n + m -> 1
  TrainedParameters policy;
  TrainedParameters critic;  // all of Q_1, then all of Q_2
  AlignedFloats target;      // of the critics

 private:
  static std::span<float> one_of_two(std::span<float> both, std::size_t i) {
    return both.subspan(i * both.size() / 2, both.size() / 2);
  }
};

// What one update saw; means over its batch.
struct UpdateStatistics {
  double critic_loss = 0, actor_loss = 0;
  double q = 0;            // the smaller critic's, of the policy's own actions
  double entropy = 0;      // -log pi, nats
  double temperature = 0;  // used in this update
};

// One gradient step on a batch: slots of a replay, and the noise of the policy's samples.
struct SacBatch {
  const ReplayBuffer* replay;
  std::span<const std::int64_t> slots;  // [B]
  std::span<const float> next_noise;    // [B, m], of a' ~ pi(.|s')
  std::span<const float> noise;         // [B, m], of a ~ pi(.|s)
  double temperature;
  bool update_target;
};

// Who computes the updates of a state, and where.
class SacBackend {
 public:
  virtual ~SacBackend() = default;

  // Critics (Eq. 4.5), targets where asked, policy (Eq. 4.9).
  virtual UpdateStatistics update(const SacBatch& batch) = 0;
  // The state has been changed from outside: read all of it anew.
  virtual void reload() = 0;
  // A backend that works on a copy of the state brings the state up to date.
  virtual void store() {}
};

}  // namespace motet
