#pragma once

// Twin soft Q-functions: two critics of the same shape, trained apart, whose minimum is used.

#include <torch/torch.h>

#include "runtime/policy/mlp.h"

namespace motet {

// Q_1(s, a) and Q_2(s, a), each a multilayer perceptron of (s, a).
class TwinQFunction {
 public:
  TwinQFunction(std::int64_t observation_size, std::int64_t action_size, std::span<const std::int64_t> hidden,
                torch::ScalarType type, Random& random);
  // With parameters that exist: Q_1's, then Q_2's.
  TwinQFunction(MlpSizes sizes, torch::Tensor values, torch::Tensor gradient);

  // Q_1 and Q_2 of observation [B, n] and action [B, m] -> [2, B].
  torch::Tensor operator()(const torch::Tensor& observation, const torch::Tensor& action) const {
    return both(observation, action, buffer_.parameters());
  }
  // The same values, with the parameters as constants: gradients flow to the action only.
  torch::Tensor frozen(const torch::Tensor& observation, const torch::Tensor& action) const {
    return both(observation, action, buffer_.frozen());
  }

  const MlpSizes& sizes() const { return sizes_; }
  ParameterBuffer& buffer() { return buffer_; }
  const ParameterBuffer& buffer() const { return buffer_; }

 private:
  torch::Tensor both(const torch::Tensor& observation, const torch::Tensor& action,
                     std::span<const torch::Tensor> parameters) const;

  MlpSizes sizes_;
  ParameterBuffer buffer_;  // all of Q_1, then all of Q_2
};

}  // namespace motet
