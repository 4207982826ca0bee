#include "runtime/engine/sampler_inference.h"

#include <algorithm>
#include <cmath>

namespace motet {

SamplerInference::SamplerInference(const MlpSizes& sizes, std::span<const float> parameters)
    : network_(sizes, parameters, false), tape_(sizes, 1, false) {}

void SamplerInference::draw(Random& random, std::span<float> noise) const {
  if (set_.empty()) return random.fill_normal(noise);
  const std::uint64_t one = random.below(set_.size() / noise.size());
  std::copy_n(set_.data() + one * noise.size(), noise.size(), noise.data());
}

void SamplerInference::act(std::span<const float> observation, std::span<const float> noise,
                           std::span<float> action) {
  float* input = std::copy(observation.begin(), observation.end(), tape_.input().row(0));
  std::copy(noise.begin(), noise.end(), input);
  network_.forward(tape_, {0, 1});
  for (std::size_t i = 0; i < action.size(); ++i)
    action[i] = std::tanh(noise[i] + tape_.output()(0, static_cast<long>(i)));
}

}  // namespace motet
