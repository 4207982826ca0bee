#pragma once

// Soft Q-functions: one critic, or two of the same shape, trained apart, whose minimum is used.

#include <torch/torch.h>

#include "runtime/policy/mlp.h"

namespace motet {

// Q_i(s, a), each a multilayer perceptron of (s, a).
class QFunctions {
 public:
  // Two of them.
  QFunctions(std::int64_t observation_size, std::int64_t action_size, std::span<const std::int64_t> hidden,
                torch::ScalarType type, Random& random);
  // With parameters that exist, as many as those are for: Q_1's, then Q_2's.
  QFunctions(MlpSizes sizes, torch::Tensor values, torch::Tensor gradient);

  // Of observation [B, n] and action [B, m] -> [critics, B].
  torch::Tensor operator()(const torch::Tensor& observation, const torch::Tensor& action) const {
    return all(observation, action, buffer_.parameters());
  }
  // The same values, with the parameters as constants: gradients flow to the action only.
  torch::Tensor frozen(const torch::Tensor& observation, const torch::Tensor& action) const {
    return all(observation, action, buffer_.frozen());
  }

  const MlpSizes& sizes() const { return sizes_; }
  ParameterBuffer& buffer() { return buffer_; }
  const ParameterBuffer& buffer() const { return buffer_; }

 private:
  torch::Tensor all(const torch::Tensor& observation, const torch::Tensor& action,
                     std::span<const torch::Tensor> parameters) const;

  MlpSizes sizes_;
  std::size_t count_;
  ParameterBuffer buffer_;  // all of Q_1, then all of Q_2
};

}  // namespace motet
