#pragma once

// The project's only source of random numbers: seeded, small, saved with a checkpoint.

#include <array>
#include <cstdint>
#include <span>

namespace motet {

// xoshiro256++ (Blackman and Vigna 2019). Real-time safe.
class Random {
 public:
  // Streams of one seed are independent: worlds, networks and batches each take their own.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint64_t next();
  double uniform();                         // [0, 1), multiples of 2^-53
  double uniform(double low, double high);  // low + (high - low) * uniform()
  double normal();                          // N(0, 1)
  std::uint64_t below(std::uint64_t n);     // {0 .. n - 1}, without bias; n > 0
  void fill_normal(std::span<float> out);
  void fill_uniform(std::span<float> out, float low, float high);

  // The whole state.
  using State = std::array<std::uint64_t, 4>;
  State state() const { return s_; }
  void restore(const State& state) { s_ = state; }

 private:
  State s_{};
};

}  // namespace motet
