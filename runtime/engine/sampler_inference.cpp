#include "runtime/engine/sampler_inference.h"

#include <algorithm>
#include <cmath>

namespace motet {

SamplerInference::SamplerInference(const MlpSizes& sizes, std::span<const float> parameters)
    : network_(sizes, parameters, false), tape_(sizes, 1, false) {}

void SamplerInference::sample(std::span<const float> observation, Random& random, std::span<float> action) {
  float* input = std::copy(observation.begin(), observation.end(), tape_.input().row(0));
  const std::span<float> noise(input, action.size());
  if (set_.empty()) {
    random.fill_normal(noise);
  } else {
    const std::uint64_t one = random.below(set_.size() / action.size());
    std::copy_n(set_.data() + one * action.size(), action.size(), noise.data());
  }
  network_.forward(tape_, {0, 1});
  for (std::size_t i = 0; i < action.size(); ++i)
    action[i] = std::tanh(noise[i] + tape_.output()(0, static_cast<long>(i)));
}

}  // namespace motet
