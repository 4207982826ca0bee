#include "runtime/engine/policy_inference.h"

#include "runtime/engine/flow_inference.h"
#include "runtime/engine/gaussian_inference.h"
#include "runtime/engine/parameters.h"
#include "runtime/engine/sampler_inference.h"

namespace motet {

MlpSizes PolicyShape::sizes() const {
  return kind == PolicyKind::gaussian ? mlp_sizes(observation_size, hidden, 2 * action_size)
                                      : mlp_sizes(observation_size + action_size, hidden, action_size);
}

std::int64_t PolicyShape::parameters() const {
  return kind == PolicyKind::flow ? flow().parameters() : mlp_parameters(sizes());
}

void initialize_policy(const PolicyShape& shape, std::span<float> parameters, Random& random) {
  if (shape.kind == PolicyKind::flow) {
    initialize_flow(shape.flow(), parameters, random);
  } else {
    initialize_mlp(shape.sizes(), parameters, random);
  }
}

std::unique_ptr<PolicyInference> make_inference(const PolicyShape& shape, std::span<const float> parameters) {
  if (shape.kind == PolicyKind::gaussian)
    return std::make_unique<GaussianInference>(shape.sizes(), parameters, shape.bounded);
  if (shape.kind == PolicyKind::flow) return std::make_unique<FlowInference>(shape, parameters);
  return std::make_unique<SamplerInference>(shape.sizes(), parameters);
}

}  // namespace motet
