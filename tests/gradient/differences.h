#pragma once

// Central differences, against which gradients are checked in float64.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "runtime/instructions/random.h"
#include "runtime/policy/parameter_buffer.h"

namespace motet::test {

// Compares the gradient of `loss` by every parameter with (loss(x + h) - loss(x - h)) / 2h. The
// network has been made from a seed, so that no ReLU's corner lies within h.
inline void expect_gradient(ParameterBuffer& buffer, const std::function<torch::Tensor()>& loss,
                            double h = 1e-6, double tolerance = 1e-7) {
  buffer.zero_gradient();
  loss().backward();
  const std::vector<double> gradient(flat<double>(buffer.gradient()).begin(),
                                     flat<double>(buffer.gradient()).end());
  torch::NoGradGuard no_gradient;
  const std::span<double> values = flat<double>(buffer.values());
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    values[i] = value + h;
    const double above = loss().item<double>();
    values[i] = value - h;
    const double below = loss().item<double>();
    values[i] = value;
    const double expected = (above - below) / (2 * h);
    EXPECT_NEAR(gradient[i], expected, tolerance * std::max(1.0, std::abs(expected))) << "parameter " << i;
    largest = std::max(largest, std::abs(gradient[i]));
  }
  EXPECT_GT(largest, 1e-3) << "the loss does not depend on the parameters";
}

// Numbers from N(0, 1), float64.
inline torch::Tensor normal(at::IntArrayRef shape, std::uint64_t seed) {
  Random random(seed);
  torch::Tensor tensor = torch::empty(shape, torch::kDouble);
  for (double& value : flat<double>(tensor)) value = random.normal();
  return tensor;
}

}  // namespace motet::test
