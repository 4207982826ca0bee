#include "runtime/learning/stein.h"

#include <cmath>

#include "runtime/learning/learner_state.h"

namespace motet {

torch::Tensor soft_value(const torch::Tensor& q, double temperature, double log_volume) {
  const double constant = log_volume - std::log(static_cast<double>(q.size(1)));
  return temperature * (torch::logsumexp(q / temperature, 1) + constant);
}

torch::Tensor squashed_score(const torch::Tensor& action, const torch::Tensor& energy_gradient) {
  return energy_gradient * (1 - action.square()) - 2 * action;
}

torch::Tensor stein_direction(const torch::Tensor& u, const torch::Tensor& score) {
  const std::int64_t particles = u.size(1);
  const torch::Tensor apart = u.unsqueeze(2) - u.unsqueeze(1);  // [S, i, j, m]: u_i - u_j
  const torch::Tensor squares = apart.square().sum(-1);         // [S, i, j]
  const torch::Tensor pairs =
      torch::triu_indices(particles, particles, 1, torch::dtype(torch::kLong).device(u.device()));
  const torch::Tensor median =
      std::get<0>(squares.index({torch::indexing::Slice(), pairs[0], pairs[1]}).median(1));
  const torch::Tensor bandwidth =
      (median / (2 * std::log(static_cast<double>(particles + 1)))).clamp_min(stein_floor).view({-1, 1, 1});
  const torch::Tensor kernel = torch::exp(-squares / bandwidth);
  const torch::Tensor repulsion = (-2 / bandwidth * kernel).unsqueeze(-1) * apart;
  return (torch::einsum("sij,sim->sjm", {kernel, score}) + repulsion.sum(1)) / static_cast<double>(particles);
}

}  // namespace motet
