#include "runtime/policy/mlp.h"

#include "runtime/engine/parameters.h"

namespace motet {

std::vector<ParameterBuffer::Shape> mlp_shapes(const MlpSizes& sizes) {
  std::vector<ParameterBuffer::Shape> shapes;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    shapes.push_back({sizes[i], sizes[i + 1]});
    shapes.push_back({sizes[i + 1]});
  }
  return shapes;
}

void initialize_mlps(const MlpSizes& sizes, const torch::Tensor& values, Random& random) {
  const auto one = static_cast<std::size_t>(mlp_parameters(sizes));
  std::vector<float> all(static_cast<std::size_t>(values.numel()));
  for (std::size_t i = 0; i < all.size(); i += one)
    initialize_mlp(sizes, std::span<float>(all).subspan(i, one), random);
  values.copy_(torch::from_blob(all.data(), values.sizes(), torch::kFloat));
}

torch::Tensor mlp(torch::Tensor input, std::span<const torch::Tensor> parameters) {
  for (std::size_t i = 0; i < parameters.size(); i += 2) {
    input = torch::addmm(parameters[i + 1], input, parameters[i]);
    if (i + 2 < parameters.size()) input.relu_();
  }
  return input;
}

}  // namespace motet
