#pragma once

// Policies whose density is known, Gaussian or flow, as functions of their parameters.

#include <torch/torch.h>

#include "runtime/engine/policy_inference.h"
#include "runtime/policy/gaussian_policy.h"

namespace motet {

// weight and bias of every layer.
std::vector<ParameterBuffer::Shape> policy_shapes(const PolicyShape& shape);

// The reparameterised sample a = f(s, noise), noise ~ N(0, I) [B, m], with log pi(a|s) - log p(a), p the
// prior of actions (Eq. 7.4); of the uniform one without its constant. observation [B, n].
PolicySample density_sample(const PolicyShape& shape, std::span<const torch::Tensor> parameters,
                            const torch::Tensor& observation, const torch::Tensor& noise);

}  // namespace motet
