#include "runtime/policy/flow_policy.h"

#include <cmath>
#include <numbers>

namespace motet {
namespace {

constexpr std::size_t tensors_of_coupling = 4;  // two layers

// Log-scales and translations of coupling j, [B, changed] each.
struct Affine {
  torch::Tensor log_scale, translation;
};

Affine affine_of(const FlowShape& shape, std::span<const torch::Tensor> couplings, std::int64_t j,
                 const torch::Tensor& embedded, const torch::Tensor& vector) {
  const Rows kept = shape.kept(j);
  const std::int64_t size = shape.changed(j).size();
  const torch::Tensor raw =
      mlp(torch::cat({vector.narrow(1, kept.first, kept.size()), embedded}, 1),
          couplings.subspan(static_cast<std::size_t>(j) * tensors_of_coupling, tensors_of_coupling));
  const torch::Tensor bent = raw.narrow(1, 0, size);
  const auto towards = [&](double bound) { return bound * torch::tanh(bent / bound); };
  return {torch::where(bent < 0, towards(least_log_scale), towards(most_log_scale)),
          raw.narrow(1, size, size)};
}

// `vector` with the half that coupling j changes replaced.
torch::Tensor replaced(const FlowShape& shape, std::int64_t j, const torch::Tensor& vector,
                       const torch::Tensor& half) {
  const Rows changed = shape.changed(j);
  return torch::cat({vector.narrow(1, 0, changed.first), half,
                     vector.narrow(1, changed.last, shape.action_size - changed.last)},
                    1);
}

}  // namespace

std::vector<ParameterBuffer::Shape> flow_shapes(const FlowShape& shape) {
  std::vector<ParameterBuffer::Shape> shapes = mlp_shapes(shape.embedding_sizes());
  for (std::int64_t j = 0; j < shape.couplings; ++j)
    for (auto& layer : mlp_shapes(shape.coupling_sizes(j))) shapes.push_back(std::move(layer));
  return shapes;
}

FlowResult flow_forward(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                        const torch::Tensor& observation, const torch::Tensor& latent) {
  const std::size_t of_embedding = 2 * (shape.embedding.size() + 1);
  const torch::Tensor embedded = mlp(observation, parameters.first(of_embedding));
  FlowResult result{latent, torch::zeros({latent.size(0)}, latent.options())};
  for (std::int64_t j = 0; j < shape.couplings; ++j) {
    const Rows changed = shape.changed(j);
    const Affine affine = affine_of(shape, parameters.subspan(of_embedding), j, embedded, result.vector);
    const torch::Tensor half = result.vector.narrow(1, changed.first, changed.size());
    result.vector = replaced(shape, j, result.vector, half * affine.log_scale.exp() + affine.translation);
    result.log_det = result.log_det + affine.log_scale.sum(1);
  }
  return result;
}

FlowResult flow_inverse(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                        const torch::Tensor& observation, const torch::Tensor& result) {
  const std::size_t of_embedding = 2 * (shape.embedding.size() + 1);
  const torch::Tensor embedded = mlp(observation, parameters.first(of_embedding));
  FlowResult back{result, torch::zeros({result.size(0)}, result.options())};
  for (std::int64_t j = shape.couplings; j-- > 0;) {
    const Rows changed = shape.changed(j);
    const Affine affine = affine_of(shape, parameters.subspan(of_embedding), j, embedded, back.vector);
    const torch::Tensor half = back.vector.narrow(1, changed.first, changed.size());
    back.vector = replaced(shape, j, back.vector, (half - affine.translation) * (-affine.log_scale).exp());
    back.log_det = back.log_det + affine.log_scale.sum(1);
  }
  return back;
}

torch::Tensor flow_log_prob(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                            const torch::Tensor& observation, const torch::Tensor& result) {
  const FlowResult back = flow_inverse(shape, parameters, observation, result);
  const double half_log_two_pi = 0.5 * std::log(2 * std::numbers::pi);
  return (back.vector.square() * -0.5 - half_log_two_pi).sum(1) - back.log_det;
}

}  // namespace motet
