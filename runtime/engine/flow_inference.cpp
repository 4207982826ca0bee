#include "runtime/engine/flow_inference.h"

#include <algorithm>
#include <cmath>

namespace motet {

FlowInference::FlowInference(const PolicyShape& shape, std::span<const float> parameters)
    : flow_(shape.flow(), parameters, false), tape_(shape.flow(), 1, false), bounded_(shape.bounded) {}

void FlowInference::act(std::span<const float> observation, std::span<const float> latent,
                        std::span<float> action) {
  std::copy(observation.begin(), observation.end(), tape_.observation().row(0));
  std::copy(latent.begin(), latent.end(), tape_.vector.row(0));
  flow_.forward(tape_, {0, 1});
  const float* u = tape_.vector.row(0);
  for (std::size_t i = 0; i < action.size(); ++i) action[i] = bounded_ ? std::tanh(u[i]) : u[i];
}

}  // namespace motet
