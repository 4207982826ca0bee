#include "runtime/engine/gaussian_inference.h"

#include <algorithm>
#include <cmath>

namespace motet {

GaussianInference::GaussianInference(const MlpSizes& sizes, std::span<const float> parameters, bool bounded)
    : network_(sizes, parameters, false), tape_(sizes, 1, false), bounded_(bounded) {}

std::span<const float> GaussianInference::head(std::span<const float> observation) {
  std::copy(observation.begin(), observation.end(), tape_.input().row(0));
  network_.forward(tape_, {0, 1});
  const std::span<float> outputs(tape_.output().row(0), static_cast<std::size_t>(tape_.output().columns()));
  constexpr float low = min_log_sigma, high = max_log_sigma;
  for (float& log_sigma : outputs.subspan(outputs.size() / 2)) log_sigma = std::clamp(log_sigma, low, high);
  return outputs;
}

bool GaussianInference::mean(std::span<const float> observation, std::span<float> action) {
  const std::span<const float> outputs = head(observation);
  for (std::size_t i = 0; i < action.size(); ++i) action[i] = bounded_ ? std::tanh(outputs[i]) : outputs[i];
  return true;
}

void GaussianInference::act(std::span<const float> observation, std::span<const float> noise,
                            std::span<float> action) {
  const std::span<const float> outputs = head(observation);
  for (std::size_t i = 0; i < action.size(); ++i) {
    const float u = outputs[i] + std::exp(outputs[action.size() + i]) * noise[i];
    action[i] = bounded_ ? std::tanh(u) : u;
  }
}

}  // namespace motet
