#pragma once

// A Gaussian policy for one observation at a time. No LibTorch: at a batch of one its dispatch costs
// more than the products.

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/execution/random.h"

namespace motet {

// What log sigma is clamped to.
inline constexpr double min_log_sigma = -20, max_log_sigma = 2;

// Runs the multilayer perceptron of GaussianPolicy: ReLU, outputs mu and log sigma, tanh. Allocates when
// made; real-time safe after.
class GaussianInference {
 public:
  // `sizes`: widths from input to 2 m outputs. `parameters`: weight [out, in] and bias [out] of each
  // layer in turn; they outlive this object and may change between calls.
  GaussianInference(std::vector<std::int64_t> sizes, std::span<const float> parameters);

  // action = tanh(mu(s)). observation [n], action [m].
  void mean(std::span<const float> observation, std::span<float> action);
  // action = tanh(mu(s) + sigma(s) * noise), noise ~ N(0, I) (Eq. 4.7).
  void sample(std::span<const float> observation, Random& random, std::span<float> action);

  // mu [m], then log sigma [m], clamped.
  std::span<const float> head(std::span<const float> observation);

 private:
  std::vector<std::int64_t> sizes_;
  std::span<const float> parameters_;
  std::vector<float> from_, to_;  // activations, as wide as the widest layer
};

}  // namespace motet
