#pragma once

// A Gaussian policy for one observation at a time.

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/engine/policy_inference.h"

namespace motet {

// What log sigma is clamped to.
inline constexpr double min_log_sigma = -20, max_log_sigma = 2;

// A perceptron with ReLU whose outputs are mu and, before its clamp, log sigma; then, where actions are
// bounded, tanh. Allocates when made; real-time safe after.
class GaussianInference : public PolicyInference {
 public:
  // `sizes`: widths from input to 2 m outputs. `parameters` as Perceptron has them; they outlive this
  // object and may change between calls.
  GaussianInference(const MlpSizes& sizes, std::span<const float> parameters, bool bounded = true);

  // action = tanh(mu(s)), or mu(s). observation [n], action [m].
  bool mean(std::span<const float> observation, std::span<float> action) override;
  // action = tanh(mu(s) + sigma(s) * noise), noise ~ N(0, I) (Eq. 4.7).
  void act(std::span<const float> observation, std::span<const float> noise,
           std::span<float> action) override;

  // mu [m], then log sigma [m], clamped.
  std::span<const float> head(std::span<const float> observation);

 private:
  Perceptron network_;
  Tape tape_;
  bool bounded_;
};

}  // namespace motet
