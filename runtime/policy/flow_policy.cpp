#include "runtime/policy/flow_policy.h"

#include <cmath>
#include <numbers>

namespace motet {
namespace {

// Log-scales and translations of a coupling, [B, changed] each.
struct Affine {
  torch::Tensor log_scale, translation;
};

// The networks of a flow with their tensors, and the observation as the embeddings have it.
class Couplings {
 public:
  Couplings(const FlowShape& shape, std::span<const torch::Tensor> parameters,
            const torch::Tensor& observation)
      : networks_(shape.networks()) {
    for (std::size_t k = 0; k < networks_.size(); ++k) {
      const std::size_t count = 2 * (networks_[k].sizes.size() - 1);
      parameters_.push_back(parameters.first(count));
      parameters = parameters.subspan(count);
      embedded_.push_back(embeds(k) ? mlp(observation, parameters_[k]) : torch::Tensor());
    }
  }

  std::size_t size() const { return networks_.size(); }
  bool embeds(std::size_t k) const { return networks_[k].embedding == k; }

  torch::Tensor half(std::size_t k, const torch::Tensor& vector) const {
    return vector.narrow(1, networks_[k].changed.first, networks_[k].changed.size());
  }
  Affine affine(std::size_t k, const torch::Tensor& vector) const {
    const FlowNetwork& network = networks_[k];
    const std::int64_t size = network.changed.size();
    const torch::Tensor kept = vector.narrow(1, network.kept.first, network.kept.size());
    const torch::Tensor raw = mlp(torch::cat({kept, embedded_[network.embedding]}, 1), parameters_[k]);
    const torch::Tensor bent = raw.narrow(1, 0, size);
    const auto towards = [&](double bound) { return bound * torch::tanh(bent / bound); };
    return {torch::where(bent < 0, towards(least_log_scale), towards(most_log_scale)),
            raw.narrow(1, size, size)};
  }
  // `vector` with the half that coupling k changes replaced.
  torch::Tensor replaced(std::size_t k, const torch::Tensor& vector, const torch::Tensor& half) const {
    const Rows changed = networks_[k].changed;
    return torch::cat({vector.narrow(1, 0, changed.first), half,
                       vector.narrow(1, changed.last, vector.size(1) - changed.last)},
                      1);
  }

 private:
  std::vector<FlowNetwork> networks_;
  std::vector<std::span<const torch::Tensor>> parameters_;
  std::vector<torch::Tensor> embedded_;
};

}  // namespace

std::vector<ParameterBuffer::Shape> flow_shapes(const FlowShape& shape) {
  std::vector<ParameterBuffer::Shape> shapes;
  for (const FlowNetwork& network : shape.networks())
    for (auto& layer : mlp_shapes(network.sizes)) shapes.push_back(std::move(layer));
  return shapes;
}

FlowResult flow_forward(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                        const torch::Tensor& observation, const torch::Tensor& latent) {
  const Couplings couplings(shape, parameters, observation);
  FlowResult result{latent, torch::zeros({latent.size(0)}, latent.options())};
  for (std::size_t k = 0; k < couplings.size(); ++k) {
    if (couplings.embeds(k)) continue;
    const Affine affine = couplings.affine(k, result.vector);
    const torch::Tensor half = couplings.half(k, result.vector) * affine.log_scale.exp();
    result.vector = couplings.replaced(k, result.vector, half + affine.translation);
    result.log_det = result.log_det + affine.log_scale.sum(1);
  }
  return result;
}

FlowResult flow_inverse(const FlowShape& shape, std::span<const torch::Tensor> parameters,
                        const torch::Tensor& observation, const torch::Tensor& result) {
  const Couplings couplings(shape, parameters, observation);
  FlowResult back{result, torch::zeros({result.size(0)}, result.options())};
  for (std::size_t k = couplings.size(); k-- > 0;) {
    if (couplings.embeds(k)) continue;
    const Affine affine = couplings.affine(k, back.vector);
    const torch::Tensor half = couplings.half(k, back.vector) - affine.translation;
    back.vector = couplings.replaced(k, back.vector, half * (-affine.log_scale).exp());
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
