#include "runtime/policy/gaussian_actor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/policy/flat_kernels.h"

namespace motet {

GaussianInference::GaussianInference(std::vector<std::int64_t> sizes, std::span<const float> parameters)
    : sizes_(std::move(sizes)), parameters_(parameters) {
  const auto widest = static_cast<std::size_t>(*std::max_element(sizes_.begin(), sizes_.end()));
  from_.resize(widest);
  to_.resize(widest);
}

std::span<const float> GaussianInference::head(std::span<const float> observation) {
  std::copy(observation.begin(), observation.end(), from_.begin());
  const float* next = parameters_.data();
  for (std::size_t layer = 0; layer + 1 < sizes_.size(); ++layer) {
    const auto in = static_cast<std::size_t>(sizes_[layer]),
               out = static_cast<std::size_t>(sizes_[layer + 1]);
    const float *weight = next, *bias = next + out * in;
    affine(weight, bias, {from_.data(), in}, {to_.data(), out});
    if (layer + 2 < sizes_.size()) {
      for (std::size_t i = 0; i < out; ++i) to_[i] = std::max(to_[i], 0.0f);
    }
    std::swap(from_, to_);
    next = bias + out;
  }
  const auto m = static_cast<std::size_t>(sizes_.back() / 2);
  constexpr float low = min_log_sigma, high = max_log_sigma;
  for (std::size_t i = m; i < 2 * m; ++i) from_[i] = std::clamp(from_[i], low, high);
  return {from_.data(), 2 * m};
}

void GaussianInference::mean(std::span<const float> observation, std::span<float> action) {
  const std::span<const float> outputs = head(observation);
  for (std::size_t i = 0; i < action.size(); ++i) action[i] = std::tanh(outputs[i]);
}

void GaussianInference::sample(std::span<const float> observation, Random& random, std::span<float> action) {
  const std::span<const float> outputs = head(observation);
  random.fill_normal(action);
  for (std::size_t i = 0; i < action.size(); ++i) {
    action[i] = std::tanh(outputs[i] + std::exp(outputs[action.size() + i]) * action[i]);
  }
}

}  // namespace motet
