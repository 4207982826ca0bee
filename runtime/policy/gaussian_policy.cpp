#include "runtime/policy/gaussian_policy.h"

#include <cmath>
#include <numbers>

namespace motet {
namespace {

const double half_log_two_pi = 0.5 * std::log(2 * std::numbers::pi);

// log N(u; mu, sigma^2) where (u - mu) / sigma = noise, a coordinate.
torch::Tensor log_normal(const torch::Tensor& noise, const torch::Tensor& log_sigma) {
  return noise.square() * -0.5 - log_sigma - half_log_two_pi;
}

// log |da/du|, a coordinate.
torch::Tensor log_jacobian(const torch::Tensor& u) {
  return 2 * (std::numbers::ln2 - u - torch::softplus(-2 * u));
}

}  // namespace

torch::Tensor log_tanh_jacobian(const torch::Tensor& u) {
  return log_jacobian(u).sum(-1);
}

torch::Tensor tanh_gaussian_log_prob(const torch::Tensor& u, const GaussianHead& head) {
  const torch::Tensor noise = (u - head.mean) * torch::exp(-head.log_sigma);
  return (log_normal(noise, head.log_sigma) - log_jacobian(u)).sum(-1);
}

PolicySample tanh_gaussian_sample(const GaussianHead& head, const torch::Tensor& noise) {
  const torch::Tensor u = torch::addcmul(head.mean, head.log_sigma.exp(), noise);
  return {torch::tanh(u), (log_normal(noise, head.log_sigma) - log_jacobian(u)).sum(-1)};
}

GaussianPolicy::GaussianPolicy(std::int64_t observation_size, std::int64_t action_size,
                               std::span<const std::int64_t> hidden, torch::ScalarType type, Random& random)
    : sizes_(mlp_sizes(observation_size, hidden, 2 * action_size)), buffer_(mlp_shapes(sizes_), type) {
  initialize_mlps(sizes_, buffer_.values(), random);
}

GaussianPolicy::GaussianPolicy(MlpSizes sizes, torch::Tensor values, torch::Tensor gradient)
    : sizes_(std::move(sizes)), buffer_(mlp_shapes(sizes_), std::move(values), std::move(gradient)) {}

GaussianHead GaussianPolicy::head(const torch::Tensor& observation) const {
  const torch::Tensor output = mlp(observation, buffer_.parameters());
  const std::int64_t m = sizes_.back() / 2;
  return {output.narrow(1, 0, m), output.narrow(1, m, m).clamp(min_log_sigma, max_log_sigma)};
}

}  // namespace motet
