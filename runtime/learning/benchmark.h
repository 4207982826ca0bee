#pragma once

// How fast the learners are, and how far from what the machine's matrix products allow. No LibTorch in
// this header.

#include <cstdint>
#include <functional>
#include <vector>

namespace motet {

// Of repeated measurements: the median and the quartiles around it.
struct Spread {
  double median = 0, low = 0, high = 0;
};
Spread spread_of(std::vector<double> values);

struct UpdateShape {
  std::int64_t observation_size, action_size, hidden, batch;
  // Of soft Q-learning: K = M and K_V. Both 0: soft actor-critic.
  std::int64_t particles = 0, value_samples = 0;
  std::int64_t couplings = 0;  // of a flow; 0: a Gaussian policy, or a sampler

  bool soft_q_learning() const { return particles > 0; }
};

// One shape at one number of threads. Rates a second.
struct UpdateSpeed {
  UpdateShape shape;
  int threads;
  Spread native, torch;     // updates
  double operations;        // multiplications and additions of the products of a native update
  Spread products;          // operations of these products by themselves, by the engine's kernels
  Spread library_products;  // and by the BLAS behind LibTorch, on one thread; 0 where there is none
  // Updates as a part of what the faster one of both would allow.
  double part_of_bound() const;
};

// Measures everything in turns, `rounds` times, about `seconds` each time.
UpdateSpeed measure_updates(const UpdateShape& shape, int threads, int rounds, double seconds);

// Updates a second of the native engine alone.
double measure_native_updates(const UpdateShape& shape, int threads, double seconds);

}  // namespace motet
