#pragma once

// Soft Q-learning's equations as functions of tensors.

#include <torch/torch.h>

namespace motet {

// V(s) (Eq. 3.8): alpha log mean_j exp(q_j / alpha) + alpha log_volume, as soft_value.h has it.
// q [S, K] -> [S].
torch::Tensor soft_value(const torch::Tensor& q, double temperature, double log_volume);

// d log p / d u of p(u) = exp(e(tanh u)) prod (1 - tanh^2 u) / Z, from a = tanh(u) and de/da. [..., m].
torch::Tensor squashed_score(const torch::Tensor& action, const torch::Tensor& energy_gradient);

// The Stein variational direction (Eq. 3.11 over the temperature), with the kernel of App. C.1 and no
// bandwidth below stein_floor: see SteinDirection. u, score [S, K, m] -> [S, K, m].
torch::Tensor stein_direction(const torch::Tensor& u, const torch::Tensor& score);

}  // namespace motet
