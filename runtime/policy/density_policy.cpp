#include "runtime/policy/density_policy.h"

#include <cmath>
#include <numbers>

#include "runtime/engine/gaussian_inference.h"
#include "runtime/policy/flow_policy.h"

namespace motet {
namespace {

// log N(x; 0, I), [B].
torch::Tensor log_standard_normal(const torch::Tensor& x) {
  return (x.square() * -0.5 - 0.5 * std::log(2 * std::numbers::pi)).sum(1);
}

// Before tanh: u = f(s, noise) and its log-density.
PolicySample unbounded_sample(const PolicyShape& shape, std::span<const torch::Tensor> parameters,
                              const torch::Tensor& observation, const torch::Tensor& noise) {
  if (shape.kind == PolicyKind::flow) {
    const FlowResult flow = flow_forward(shape.flow(), parameters, observation, noise);
    return {flow.vector, log_standard_normal(noise) - flow.log_det};
  }
  const torch::Tensor head = mlp(observation, parameters);
  const torch::Tensor log_sigma =
      head.narrow(1, shape.action_size, shape.action_size).clamp(min_log_sigma, max_log_sigma);
  return {torch::addcmul(head.narrow(1, 0, shape.action_size), log_sigma.exp(), noise),
          log_standard_normal(noise) - log_sigma.sum(1)};
}

}  // namespace

torch::Tensor log_tanh_jacobian(const torch::Tensor& u) {
  return (2 * (std::numbers::ln2 - u - torch::softplus(-2 * u))).sum(-1);
}

std::vector<ParameterBuffer::Shape> policy_shapes(const PolicyShape& shape) {
  return shape.kind == PolicyKind::flow ? flow_shapes(shape.flow()) : mlp_shapes(shape.sizes());
}

PolicySample density_sample(const PolicyShape& shape, std::span<const torch::Tensor> parameters,
                            const torch::Tensor& observation, const torch::Tensor& noise) {
  PolicySample sample = unbounded_sample(shape, parameters, observation, noise);
  if (shape.bounded) {
    sample.log_prob = sample.log_prob - log_tanh_jacobian(sample.action);
    sample.action = torch::tanh(sample.action);
  }
  if (shape.gaussian_prior) sample.log_prob = sample.log_prob - log_standard_normal(sample.action);
  return sample;
}

}  // namespace motet
