#include "runtime/engine/policy_inference.h"

#include "runtime/engine/gaussian_inference.h"
#include "runtime/engine/sampler_inference.h"

namespace motet {

MlpSizes PolicyShape::sizes() const {
  return kind == PolicyKind::gaussian ? mlp_sizes(observation_size, hidden, 2 * action_size)
                                      : mlp_sizes(observation_size + action_size, hidden, action_size);
}

std::unique_ptr<PolicyInference> make_inference(const PolicyShape& shape, std::span<const float> parameters) {
  if (shape.kind == PolicyKind::gaussian)
    return std::make_unique<GaussianInference>(shape.sizes(), parameters);
  return std::make_unique<SamplerInference>(shape.sizes(), parameters);
}

}  // namespace motet
