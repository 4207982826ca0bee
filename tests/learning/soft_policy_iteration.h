#pragma once

// Exact soft policy iteration (Theorem 2) on a few states with a one-dimensional action, within the
// tanh-Gaussian policies: expectations by quadrature, improvement by search over (mu, log sigma).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace motet::test {

inline constexpr std::size_t states = 3;

// Three states in a row. The action pushes on to the next one, which succeeds the more often the
// larger it is; from the last one, a push that succeeds ends the episode.
struct SmallProblem {
  double discount = 0.8;

  // Quadratic about a best action of the state's own.
  double reward(std::size_t s, double a) const {
    constexpr std::array<double, states> best = {0.5, -0.4, 0.1}, level = {0, 0.6, 1},
                                         curvature = {1.5, 1, 3};
    return level[s] - curvature[s] * (a - best[s]) * (a - best[s]);
  }
  // That the push succeeds.
  double success(double a) const { return 0.5 + 0.4 * a; }
  std::size_t next(std::size_t s) const { return s + 1; }
  bool terminates(std::size_t s) const { return s + 1 == states; }
};

struct StatePolicy {
  double mean = 0, log_sigma = 0;
};

class SoftPolicyIteration {
 public:
  SoftPolicyIteration(const SmallProblem& problem, double temperature)
      : problem_(problem), temperature_(temperature) {}

  // Evaluation and improvement in turn until the values stay.
  void solve() {
    for (double change = 1; change > 1e-9;) {
      const std::array<double, states> before = values_;
      for (std::size_t s = 0; s < states; ++s) policies_[s] = improve(s);
      evaluate();
      change = 0;
      for (std::size_t s = 0; s < states; ++s) change = std::max(change, std::abs(values_[s] - before[s]));
    }
  }

  // Q(s, a) of the policy, by Eq. 4.1.
  double q(std::size_t s, double a) const {
    const double on = problem_.success(a);
    const double after = problem_.terminates(s) ? 0 : values_[problem_.next(s)];
    return problem_.reward(s, a) + problem_.discount * (on * after + (1 - on) * values_[s]);
  }
  const StatePolicy& policy(std::size_t s) const { return policies_[s]; }
  double entropy(std::size_t s) const {
    return expect(policies_[s], [](double, double log_prob) { return -log_prob; });
  }

 private:
  // E over a ~ pi of f(a, log pi(a)): the midpoint rule in the noise.
  template <typename Function>
  double expect(const StatePolicy& policy, Function f) const {
    constexpr int points = 80;
    constexpr double reach = 6;
    double sum = 0;
    for (int i = 0; i < points; ++i) {
      const double noise = reach * (2 * (i + 0.5) / points - 1);
      const double log_noise = -0.5 * noise * noise - 0.5 * std::log(2 * std::numbers::pi);
      const double u = policy.mean + std::exp(policy.log_sigma) * noise;
      const double log_jacobian = 2 * (std::numbers::ln2 - u - std::log1p(std::exp(-2 * u)));
      sum += std::exp(log_noise) * f(std::tanh(u), log_noise - policy.log_sigma - log_jacobian);
    }
    return sum * 2 * reach / points;
  }

  // E[Q(s, a) - alpha log pi(a)]: the value (Eq. 4.2), and, less a constant, what Eq. 4.3 maximises.
  double objective(std::size_t s, const StatePolicy& policy) const {
    return expect(policy, [&](double a, double log_prob) { return q(s, a) - temperature_ * log_prob; });
  }

  void evaluate() {
    for (int sweep = 0; sweep < 100; ++sweep) {
      for (std::size_t s = 0; s < states; ++s) values_[s] = objective(s, policies_[s]);
    }
  }

  // A grid that closes in on the best policy, from the present one.
  StatePolicy improve(std::size_t s) const {
    StatePolicy best = policies_[s];
    double width = 1, best_value = objective(s, best);
    for (int level = 0; level < 16; ++level, width *= 0.5) {
      const StatePolicy centre = best;
      for (int i = -4; i <= 4; ++i) {
        for (int j = -4; j <= 4; ++j) {
          const StatePolicy tried{centre.mean + width * i / 4, centre.log_sigma + width * j / 4};
          const double value = objective(s, tried);
          if (value > best_value) {
            best_value = value;
            best = tried;
          }
        }
      }
    }
    return best;
  }

  SmallProblem problem_;
  double temperature_;
  std::array<double, states> values_{};
  std::array<StatePolicy, states> policies_{};  // mu 0, sigma 1
};

}  // namespace motet::test
