#pragma once

// A Gaussian policy squashed by tanh, a = tanh(u), u ~ N(mu(s), diag sigma(s)^2), written down by itself, to
// hold density_sample against.

#include <cmath>
#include <numbers>

#include "runtime/engine/gaussian_inference.h"
#include "runtime/policy/density_policy.h"

namespace motet::test {

// mu and log sigma [B, m]; log sigma is clamped.
struct GaussianHead {
  torch::Tensor mean, log_sigma;
};

// log pi(a|s) of a = tanh(u) (Eq. C.2): log N(u; mu, sigma^2) - log |da/du|. u [B, m] -> [B].
inline torch::Tensor tanh_gaussian_log_prob(const torch::Tensor& u, const GaussianHead& head) {
  const torch::Tensor z = (u - head.mean) * torch::exp(-head.log_sigma);
  const torch::Tensor log_normal = z.square() * -0.5 - head.log_sigma - 0.5 * std::log(2 * std::numbers::pi);
  return log_normal.sum(-1) - log_tanh_jacobian(u);
}

class GaussianPolicy {
 public:
  GaussianPolicy(std::int64_t observation_size, std::int64_t action_size, std::vector<std::int64_t> hidden,
                 Random& random)
      : shape_{.kind = PolicyKind::gaussian,
               .observation_size = observation_size,
               .action_size = action_size,
               .hidden = std::move(hidden)},
        buffer_(policy_shapes(shape_), torch::kDouble) {
    initialize_mlps(shape_.sizes(), buffer_.values(), random);
  }

  // observation [B, n].
  GaussianHead head(const torch::Tensor& observation) const {
    const torch::Tensor output = mlp(observation, buffer_.parameters());
    const std::int64_t m = shape_.action_size;
    return {output.narrow(1, 0, m), output.narrow(1, m, m).clamp(min_log_sigma, max_log_sigma)};
  }
  PolicySample sample(const torch::Tensor& observation, const torch::Tensor& noise) const {
    return density_sample(shape_, buffer_.parameters(), observation, noise);
  }

  ParameterBuffer& buffer() { return buffer_; }

 private:
  PolicyShape shape_;
  ParameterBuffer buffer_;
};

// What a policy with this head samples: the rows of the head are those of a linear layer, of which each
// observation picks one. A head of one row is that of every sample.
inline PolicySample sample_of(const GaussianHead& head, const torch::Tensor& noise) {
  const std::int64_t rows = head.mean.size(0), m = head.mean.size(1);
  const PolicyShape shape{
      .kind = PolicyKind::gaussian, .observation_size = rows, .action_size = m, .hidden = {}};
  const std::vector<torch::Tensor> parameters = {torch::cat({head.mean, head.log_sigma}, 1),
                                                 torch::zeros({2 * m}, torch::kDouble)};
  const torch::Tensor observation =
      rows == 1 ? torch::ones({noise.size(0), 1}, torch::kDouble) : torch::eye(rows, torch::kDouble);
  return density_sample(shape, parameters, observation, noise);
}

}  // namespace motet::test
