#pragma once

// The replay pool D of Algorithm 2. No LibTorch in this header.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/instructions/random.h"

namespace motet {

// One step of an episode. `terminated` only where the episode ended by its own rules: one that was
// cut by its horizon bootstraps.
struct Transition {
  std::span<const float> observation, action;  // [n], [m]
  float reward = 0;
  std::span<const float> next_observation;  // [n]
  bool terminated = false;
};

// Room for a batch of b transitions, made once: observation and next_observation [b, n], action
// [b, m], reward [b], terminated [b] (0 or 1).
struct TransitionBatch {
  TransitionBatch(std::int64_t b, std::int64_t n, std::int64_t m);

  std::int64_t size, observation_size, action_size;
  std::vector<float> observation, action, reward, next_observation, terminated;
};

// The last `capacity` transitions, one row of floats each.
class ReplayBuffer {
 public:
  // Takes all its memory at once, or says why not: more than this machine has left.
  static Result<ReplayBuffer> make(std::int64_t capacity, std::int64_t observation_size,
                                   std::int64_t action_size);
  static std::int64_t bytes(std::int64_t capacity, std::int64_t observation_size, std::int64_t action_size);

  void add(const Transition& transition);
  // The rows in these slots, 0 <= slot < size().
  void gather(std::span<const std::int64_t> slots, TransitionBatch& batch) const;

  std::int64_t capacity() const { return capacity_; }
  std::int64_t size() const { return added_ < capacity_ ? added_ : capacity_; }
  // Transitions ever added: the next one's number. The buffer holds numbers [added - size, added).
  std::int64_t added() const { return added_; }

  // Transition number i lies in slot i modulo the capacity. Its floats: observation, action, next
  // observation, reward, terminated. The buffer holds it, or is about to.
  std::int64_t row_size() const { return 2 * observation_size_ + action_size_ + 2; }
  std::span<float> row(std::int64_t i);
  std::span<const float> row(std::int64_t i) const;
  void set_added(std::int64_t added) { added_ = added; }

 private:
  ReplayBuffer() = default;

  struct Free {
    void operator()(float* memory) const;
  };

  std::int64_t capacity_ = 0, observation_size_ = 0, action_size_ = 0, added_ = 0;
  std::unique_ptr<float[], Free> rows_;
};

}  // namespace motet
