#pragma once

// Policies whose density is known, Gaussian or flow, as functions of their parameters.

#include <torch/torch.h>

#include "runtime/engine/policy_inference.h"
#include "runtime/policy/mlp.h"

namespace motet {

// An action, or a latent of the layer below, and its log-density under the policy that it was drawn from.
struct PolicySample {
  torch::Tensor action;    // [B, m]
  torch::Tensor log_prob;  // [B], nats
};

// log |da/du| of a = tanh(u) summed over the coordinates, log(1 - tanh(u)^2), in the form that does not
// cancel: 2 (log 2 - u - softplus(-2 u)). u [B, m] -> [B].
torch::Tensor log_tanh_jacobian(const torch::Tensor& u);

// weight and bias of every layer.
std::vector<ParameterBuffer::Shape> policy_shapes(const PolicyShape& shape);

// The reparameterised sample a = f(s, noise), noise ~ N(0, I) [B, m], with log pi(a|s) - log p(a), p the
// prior of actions (Eq. 7.4); of the uniform one without its constant. observation [B, n].
PolicySample density_sample(const PolicyShape& shape, std::span<const torch::Tensor> parameters,
                            const torch::Tensor& observation, const torch::Tensor& noise);

}  // namespace motet
