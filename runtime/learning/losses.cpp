#include "runtime/learning/losses.h"

#include <cmath>

namespace motet {

torch::Tensor soft_bellman_target(const torch::Tensor& reward, const torch::Tensor& terminated,
                                  const torch::Tensor& next_q, const torch::Tensor& next_log_prob,
                                  double temperature, double discount, double reward_scale) {
  const torch::Tensor next_value = std::get<0>(next_q.min(0)) - temperature * next_log_prob;
  return reward_scale * reward + discount * (1 - terminated) * next_value;
}

torch::Tensor critic_loss(const torch::Tensor& q, const torch::Tensor& target) {
  return (q - target).square().mean(1).sum() * 0.5;
}

torch::Tensor actor_loss(const torch::Tensor& log_prob, const torch::Tensor& q, double temperature) {
  return (temperature * log_prob - std::get<0>(q.min(0))).mean();
}

double temperature_loss(double log_alpha, double entropy, double target_entropy) {
  return std::exp(log_alpha) * (entropy - target_entropy);
}

double temperature_gradient(double log_alpha, double entropy, double target_entropy) {
  return std::exp(log_alpha) * (entropy - target_entropy);
}

}  // namespace motet
