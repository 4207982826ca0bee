#include "runtime/policy/q_function.h"

#include "runtime/policy/flat_kernels.h"

namespace motet {
namespace {

std::vector<ParameterBuffer::Shape> twice(std::vector<ParameterBuffer::Shape> shapes) {
  const std::size_t one = shapes.size();
  shapes.resize(2 * one);
  std::copy_n(shapes.begin(), one, shapes.begin() + static_cast<std::ptrdiff_t>(one));
  return shapes;
}

}  // namespace

TwinQFunction::TwinQFunction(std::int64_t observation_size, std::int64_t action_size,
                             std::span<const std::int64_t> hidden, torch::ScalarType type, Random& random)
    : sizes_(mlp_sizes(observation_size + action_size, hidden, 1)), buffer_(twice(mlp_shapes(sizes_)), type) {
  initialize_mlp(buffer_.frozen(), random);
}

torch::Tensor TwinQFunction::both(const torch::Tensor& observation, const torch::Tensor& action,
                                  std::span<const torch::Tensor> parameters) const {
  const torch::Tensor input = torch::cat({observation, action}, 1);
  const std::size_t one = parameters.size() / 2;
  // Two chains of products: side by side in one batched product they are no faster.
  return torch::stack(
      {mlp(input, parameters.first(one)).squeeze(1), mlp(input, parameters.last(one)).squeeze(1)});
}

void update_target(ParameterBuffer& target, const ParameterBuffer& source, double tau) {
  AT_DISPATCH_FLOATING_TYPES(target.values().scalar_type(), "update_target", [&] {
    move_towards<scalar_t>(flat<scalar_t>(source.values()), tau, flat<scalar_t>(target.values()));
  });
}

}  // namespace motet
