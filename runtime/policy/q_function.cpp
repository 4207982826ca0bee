#include "runtime/policy/q_function.h"

namespace motet {
namespace {

std::vector<ParameterBuffer::Shape> repeated(const std::vector<ParameterBuffer::Shape>& shapes,
                                             std::size_t count) {
  std::vector<ParameterBuffer::Shape> all;
  for (std::size_t i = 0; i < count; ++i) all.insert(all.end(), shapes.begin(), shapes.end());
  return all;
}

}  // namespace

QFunctions::QFunctions(std::int64_t observation_size, std::int64_t action_size,
                       std::span<const std::int64_t> hidden, torch::ScalarType type, Random& random)
    : sizes_(mlp_sizes(observation_size + action_size, hidden, 1)),
      count_(2),
      buffer_(repeated(mlp_shapes(sizes_), count_), type) {
  initialize_mlps(sizes_, buffer_.values(), random);
}

QFunctions::QFunctions(MlpSizes sizes, torch::Tensor values, torch::Tensor gradient)
    : sizes_(std::move(sizes)),
      count_(static_cast<std::size_t>(values.numel() / mlp_parameters(sizes_))),
      buffer_(repeated(mlp_shapes(sizes_), count_), std::move(values), std::move(gradient)) {}

torch::Tensor QFunctions::all(const torch::Tensor& observation, const torch::Tensor& action,
                              std::span<const torch::Tensor> parameters) const {
  const torch::Tensor input = torch::cat({observation, action}, 1);
  const std::size_t one = parameters.size() / count_;
  // Chains of products one after the other: side by side in one batched product they are no faster.
  std::vector<torch::Tensor> q;
  for (std::size_t i = 0; i < count_; ++i)
    q.push_back(mlp(input, parameters.subspan(i * one, one)).squeeze(1));
  return torch::stack(q);
}

}  // namespace motet
