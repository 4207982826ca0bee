#include "runtime/policy/mlp.h"

#include <cmath>

namespace motet {

MlpSizes mlp_sizes(std::int64_t input, std::span<const std::int64_t> hidden, std::int64_t output) {
  MlpSizes sizes{input};
  sizes.insert(sizes.end(), hidden.begin(), hidden.end());
  sizes.push_back(output);
  return sizes;
}

std::vector<ParameterBuffer::Shape> mlp_shapes(const MlpSizes& sizes) {
  std::vector<ParameterBuffer::Shape> shapes;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    shapes.push_back({sizes[i + 1], sizes[i]});
    shapes.push_back({sizes[i + 1]});
  }
  return shapes;
}

void initialize_mlp(std::span<const torch::Tensor> parameters, Random& random) {
  torch::NoGradGuard no_gradient;
  double bound = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i % 2 == 0) bound = 1 / std::sqrt(static_cast<double>(parameters[i].size(-1)));
    std::vector<float> values(static_cast<std::size_t>(parameters[i].numel()));
    random.fill_uniform(values, static_cast<float>(-bound), static_cast<float>(bound));
    parameters[i].copy_(torch::from_blob(values.data(), parameters[i].sizes(), torch::kFloat));
  }
}

torch::Tensor mlp(torch::Tensor input, std::span<const torch::Tensor> parameters) {
  for (std::size_t i = 0; i < parameters.size(); i += 2) {
    input = torch::addmm(parameters[i + 1], input, parameters[i].t());
    if (i + 2 < parameters.size()) input.relu_();
  }
  return input;
}

}  // namespace motet
