#pragma once

// Multilayer perceptrons with ReLU, as functions of their parameters.

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/engine/perceptron.h"
#include "runtime/instructions/random.h"
#include "runtime/policy/parameter_buffer.h"

namespace motet {

// weight [in, out], bias [out], layer by layer: the order in which the engine has them.
std::vector<ParameterBuffer::Shape> mlp_shapes(const MlpSizes& sizes);

// `values` [copies * mlp_parameters(sizes)]: the first values of so many networks (initialize_mlp).
void initialize_mlps(const MlpSizes& sizes, const torch::Tensor& values, Random& random);

// h = relu(h W + b) for each hidden layer; the last layer is linear. input [B, in] -> [B, out].
torch::Tensor mlp(torch::Tensor input, std::span<const torch::Tensor> parameters);

}  // namespace motet
