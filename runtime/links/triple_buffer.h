#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace motet {

// The newest of what one thread writes, for one other: neither ever waits. Values are made before and only
// written over after.
template <typename Value>
class TripleBuffer {
 public:
  explicit TripleBuffer(const Value& value) : values_{value, value, value} {}

  // The writer's: filled, then given away.
  Value& back() noexcept { return values_[back_]; }
  void publish() noexcept {
    back_ = shared_.exchange(static_cast<std::uint8_t>(back_ | fresh), std::memory_order_acq_rel) & place;
  }

  // The reader's: the newest there is. Whether it is newer than the last time.
  bool take() noexcept {
    if ((shared_.load(std::memory_order_relaxed) & fresh) == 0) return false;
    front_ = shared_.exchange(front_, std::memory_order_acq_rel) & place;
    return true;
  }
  const Value& front() const noexcept { return values_[front_]; }

 private:
  static constexpr std::uint8_t place = 3, fresh = 4;
  std::array<Value, 3> values_;
  std::uint8_t back_ = 0, front_ = 1;
  std::atomic<std::uint8_t> shared_{2};
};

}  // namespace motet
