#include "runtime/learning/replay.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "runtime/archive/memory.h"

namespace motet {

TransitionBatch::TransitionBatch(std::int64_t b, std::int64_t n, std::int64_t m)
    : size(b),
      observation_size(n),
      action_size(m),
      observation(static_cast<std::size_t>(b * n)),
      action(static_cast<std::size_t>(b * m)),
      reward(static_cast<std::size_t>(b)),
      next_observation(static_cast<std::size_t>(b * n)),
      terminated(static_cast<std::size_t>(b)) {}

void ReplayBuffer::Free::operator()(float* memory) const {
  std::free(memory);
}

std::int64_t ReplayBuffer::bytes(std::int64_t capacity, std::int64_t observation_size,
                                 std::int64_t action_size) {
  return capacity * (2 * observation_size + action_size + 2) * static_cast<std::int64_t>(sizeof(float));
}

Result<ReplayBuffer> ReplayBuffer::make(std::int64_t capacity, std::int64_t observation_size,
                                        std::int64_t action_size) {
  const std::int64_t wanted = bytes(capacity, observation_size, action_size);
  const std::string needs =
      "a replay of " + std::to_string(capacity) + " transitions takes " + format_bytes(wanted) + " of memory";
  const std::string advice = "; lower `replay`, or train on a machine with more memory";
  if (const std::int64_t available = available_memory(); wanted > available) {
    return Error{needs + ", and this machine has " + format_bytes(available) + " left" + advice};
  }
  ReplayBuffer buffer;
  buffer.capacity_ = capacity;
  buffer.observation_size_ = observation_size;
  buffer.action_size_ = action_size;
  // malloc, then memset: every page is taken now, so that none is missing an hour from now.
  buffer.rows_.reset(static_cast<float*>(std::malloc(static_cast<std::size_t>(wanted))));
  if (buffer.rows_ == nullptr) return Error{needs + ", which this system refuses to give" + advice};
  std::memset(buffer.rows_.get(), 0, static_cast<std::size_t>(wanted));
  return buffer;
}

std::span<float> ReplayBuffer::row(std::int64_t i) {
  return {rows_.get() + (i % capacity_) * row_size(), static_cast<std::size_t>(row_size())};
}

std::span<const float> ReplayBuffer::row(std::int64_t i) const {
  return {rows_.get() + (i % capacity_) * row_size(), static_cast<std::size_t>(row_size())};
}

void ReplayBuffer::add(const Transition& transition) {
  float* out = row(added_).data();
  out = std::copy(transition.observation.begin(), transition.observation.end(), out);
  out = std::copy(transition.action.begin(), transition.action.end(), out);
  out = std::copy(transition.next_observation.begin(), transition.next_observation.end(), out);
  *out++ = transition.reward;
  *out = transition.terminated ? 1.0f : 0.0f;
  ++added_;
}

void ReplayBuffer::gather(std::span<const std::int64_t> slots, TransitionBatch& batch) const {
  const std::int64_t n = observation_size_, m = action_size_;
  for (std::int64_t i = 0; i < batch.size; ++i) {
    const float* in = row(slots[static_cast<std::size_t>(i)]).data();
    std::copy_n(in, n, batch.observation.data() + i * n);
    std::copy_n(in + n, m, batch.action.data() + i * m);
    std::copy_n(in + n + m, n, batch.next_observation.data() + i * n);
    batch.reward[static_cast<std::size_t>(i)] = in[2 * n + m];
    batch.terminated[static_cast<std::size_t>(i)] = in[2 * n + m + 1];
  }
}

}  // namespace motet
