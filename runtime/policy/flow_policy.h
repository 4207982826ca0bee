#pragma once

// A flow as functions of its parameters: u = f(h; s), of real-NVP coupling layers (Eq. 7.5). See
// runtime/engine/flow.h, whose parameters these are.

#include <torch/torch.h>

#include "runtime/engine/flow.h"
#include "runtime/policy/mlp.h"

namespace motet {

// u or h [B, m], and log |det du/dh| [B] there.
struct FlowResult {
  torch::Tensor vector, log_det;
};

// weight and bias of every layer: the embedding's, then each coupling's.
std::vector<ParameterBuffer::Shape> flow_shapes(const FlowShape& shape);

// observation [B, n], latent, result [B, m].
FlowResult flow_forward(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                        const torch::Tensor& observation, const torch::Tensor& latent);
FlowResult flow_inverse(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                        const torch::Tensor& observation, const torch::Tensor& result);

// log p(u|s) = log N(h; 0, I) - log |det du/dh|, h = f^-1(u; s). [B]
torch::Tensor flow_log_prob(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                            const torch::Tensor& observation, const torch::Tensor& result);

}  // namespace motet
