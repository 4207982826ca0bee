#pragma once

// A Gaussian squashed by tanh: a = tanh(u), u ~ N(mu(s), diag sigma(s)^2).

#include <torch/torch.h>

#include "runtime/engine/gaussian_inference.h"
#include "runtime/policy/mlp.h"

namespace motet {

// mu and log sigma [B, m]; log sigma is clamped.
struct GaussianHead {
  torch::Tensor mean, log_sigma;
};

// An action and its log-density under the policy it was drawn from.
struct PolicySample {
  torch::Tensor action;    // [B, m], in (-1, 1)
  torch::Tensor log_prob;  // [B], nats
};

// log |da/du| summed over the coordinates, log(1 - tanh(u)^2), in the form that does not cancel:
// 2 (log 2 - u - softplus(-2 u)). u [B, m] -> [B].
torch::Tensor log_tanh_jacobian(const torch::Tensor& u);

// log pi(a|s) of a = tanh(u) (Eq. C.2): log N(u; mu, sigma^2) - log |da/du|. u [B, m] -> [B].
torch::Tensor tanh_gaussian_log_prob(const torch::Tensor& u, const GaussianHead& head);

// The reparameterised sample (Eq. 4.7): a = tanh(mu + sigma * noise), noise ~ N(0, I) [B, m].
PolicySample tanh_gaussian_sample(const GaussianHead& head, const torch::Tensor& noise);

// pi(a|s): a multilayer perceptron whose outputs [2 m] are mu and, before the clamp, log sigma.
class GaussianPolicy {
 public:
  GaussianPolicy(std::int64_t observation_size, std::int64_t action_size,
                 std::span<const std::int64_t> hidden, torch::ScalarType type, Random& random);
  // With parameters that exist, [mlp_parameters(sizes)].
  GaussianPolicy(MlpSizes sizes, torch::Tensor values, torch::Tensor gradient);

  // observation [B, n].
  GaussianHead head(const torch::Tensor& observation) const;
  PolicySample sample(const torch::Tensor& observation, const torch::Tensor& noise) const {
    return tanh_gaussian_sample(head(observation), noise);
  }

  const MlpSizes& sizes() const { return sizes_; }
  ParameterBuffer& buffer() { return buffer_; }
  const ParameterBuffer& buffer() const { return buffer_; }

 private:
  MlpSizes sizes_;
  ParameterBuffer buffer_;
};

}  // namespace motet
