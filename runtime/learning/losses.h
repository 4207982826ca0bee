#pragma once

// The losses of soft actor-critic, as functions of tensors: each is one equation. Means over the batch.

#include <torch/torch.h>

namespace motet {

// The soft Bellman target (Eq. 4.5), [B]:
//   y = scale * r + discount * (1 - terminated) * (min_i Q_i(s', a') - alpha * log pi(a'|s')).
// reward, terminated, next_log_prob [B]; next_q [critics, B], by the target networks; a' drawn from the
// policy. Constant to the gradient: call it without one.
torch::Tensor soft_bellman_target(const torch::Tensor& reward, const torch::Tensor& terminated,
                                  const torch::Tensor& next_q, const torch::Tensor& next_log_prob,
                                  double temperature, double discount, double reward_scale);

// J_Q (Eq. 4.4) of all critics: sum over i of the mean of (Q_i - y)^2 / 2. q [critics, B], target [B].
torch::Tensor critic_loss(const torch::Tensor& q, const torch::Tensor& target);

// J_pi (Eq. 4.8): mean of alpha * log pi(a|s) - min_i Q_i(s, a). log_prob [B], q [critics, B].
torch::Tensor actor_loss(const torch::Tensor& log_prob, const torch::Tensor& q, double temperature);

// J(alpha) (Eq. 5.8): mean of -alpha * log pi(a|s) - alpha * target_entropy, and its derivative by
// log alpha, alpha * (entropy - target_entropy) with entropy = -mean log pi.
double temperature_loss(double log_alpha, double entropy, double target_entropy);
double temperature_gradient(double log_alpha, double entropy, double target_entropy);

}  // namespace motet
