#pragma once

// Multilayer perceptrons with ReLU, as functions of their parameters.

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/execution/random.h"
#include "runtime/policy/parameter_buffer.h"

namespace motet {

// Widths from input to output: {17, 256, 256, 12}.
using MlpSizes = std::vector<std::int64_t>;

MlpSizes mlp_sizes(std::int64_t input, std::span<const std::int64_t> hidden, std::int64_t output);

// weight [out, in], bias [out], layer by layer.
std::vector<ParameterBuffer::Shape> mlp_shapes(const MlpSizes& sizes);

// Weights and biases ~ U(-1 / sqrt(in), 1 / sqrt(in)) with `in` the inputs of their layer, in order.
void initialize_mlp(std::span<const torch::Tensor> parameters, Random& random);

// h = relu(W h + b) for each hidden layer; the last layer is linear. input [B, in] -> [B, out].
torch::Tensor mlp(torch::Tensor input, std::span<const torch::Tensor> parameters);

}  // namespace motet
