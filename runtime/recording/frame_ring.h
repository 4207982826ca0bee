#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace motet {

// Frames of `width` doubles each on their way from one thread to one other: neither ever waits. All memory is
// taken, and touched, when it is made.
class FrameRing {
 public:
  // Both at least 1.
  FrameRing(std::size_t width, std::size_t capacity)
      : width_(width), capacity_(capacity), values_(width * capacity) {}

  std::size_t width() const noexcept { return width_; }
  std::size_t capacity() const noexcept { return capacity_; }  // frames

  // The writer's, real-time safe. A frame that finds no place, or has another width, is dropped and counted.
  bool push(std::span<const double> frame) noexcept {
    const std::uint64_t written = written_.load(std::memory_order_relaxed);
    if (frame.size() != width_ || written - read_.load(std::memory_order_acquire) == capacity_) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    std::memcpy(place(written), frame.data(), frame.size_bytes());
    written_.store(written + 1, std::memory_order_release);
    return true;
  }

  // The reader's, real-time safe: the oldest frames, one after another, as many as are there and fit whole.
  // Returns how many.
  std::size_t pop(std::span<double> out) noexcept {
    const std::uint64_t read = read_.load(std::memory_order_relaxed);
    const std::uint64_t there = written_.load(std::memory_order_acquire) - read;
    const std::size_t count = std::min(static_cast<std::size_t>(there), out.size() / width_);
    if (count == 0) return 0;
    const std::size_t first = std::min(count, capacity_ - static_cast<std::size_t>(read % capacity_));
    std::memcpy(out.data(), place(read), first * width_ * sizeof(double));
    std::memcpy(out.data() + first * width_, values_.data(), (count - first) * width_ * sizeof(double));
    read_.store(read + count, std::memory_order_release);
    return count;
  }

  // Frames since it was made. For any thread.
  std::int64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  double* place(std::uint64_t frame) noexcept {
    return values_.data() + static_cast<std::size_t>(frame % capacity_) * width_;
  }

  // Counted since it was made. What the writer changes is not on the reader's cache line.
  alignas(64) std::atomic<std::uint64_t> written_{0};
  std::atomic<std::int64_t> dropped_{0};
  std::size_t width_, capacity_;
  std::vector<double> values_;
  alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace motet
