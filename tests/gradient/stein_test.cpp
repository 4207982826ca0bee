// Soft Q-learning's equations: the soft value against quadrature, the Stein direction against Eq. 3.11
// written out with autograd's gradient of the kernel, and the kernels of every instruction set against both.

#include "runtime/learning/stein.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "differences.h"
#include "runtime/kernels/kernels.h"
#include "runtime/learning/learner_state.h"
#include "runtime/learning/soft_value.h"

namespace motet {
namespace {

// A soft Q-function with two hills, on [-1, 1]^d.
double hills(std::span<const double> a) {
  double right = 0, left = 0;
  for (const double x : a) {
    right += 3 * (x - 0.5) * (x - 0.5);
    left += 6 * (x + 0.7) * (x + 0.7);
  }
  return 2 * std::exp(-right) + std::exp(-left) - 0.3 * right;
}

struct Integral {
  double value, entropy;
};

// V and the entropy of exp((Q - V) / alpha), by the midpoint rule.
Integral by_quadrature(int d, double alpha) {
  const int points = d == 1 ? 4000 : 400;
  double z = 0, energy = 0;
  std::vector<double> a(static_cast<std::size_t>(d));
  const int cells = d == 1 ? points : points * points;
  for (int i = 0; i < cells; ++i) {
    int rest = i;
    for (double& x : a) {
      x = 2 * (rest % points + 0.5) / points - 1;
      rest /= points;
    }
    const double e = hills(a) / alpha, weight = std::exp(e) * std::pow(2.0 / points, d);
    z += weight;
    energy += weight * e;
  }
  return {alpha * std::log(z), std::log(z) - energy / z};
}

TEST(SoftValue, AgreesWithQuadrature) {
  for (const int d : {1, 2}) {
    for (const double alpha : {0.05, 0.3, 1.0, 10.0}) {
      const Integral exact = by_quadrature(d, alpha);
      constexpr int samples = 400'000;
      Random random(3, static_cast<std::uint64_t>(d));
      std::vector<float> q(samples);
      std::vector<double> a(static_cast<std::size_t>(d));
      for (float& value : q) {
        for (double& x : a) x = random.uniform(-1, 1);
        value = static_cast<float>(hills(a));
      }
      const SoftValue value = soft_value(q, alpha, action_log_volume(d));
      const double tolerance = 0.01 * std::max(1.0, alpha);
      EXPECT_NEAR(value.value, exact.value, tolerance) << d << " dimensions, temperature " << alpha;
      EXPECT_NEAR(value.entropy, exact.entropy, 0.03) << d << " dimensions, temperature " << alpha;
      const torch::Tensor tensor = torch::from_blob(q.data(), {1, samples}, torch::kFloat).to(torch::kDouble);
      EXPECT_NEAR(soft_value(tensor, alpha, action_log_volume(d)).item<double>(), value.value, 1e-6);
    }
  }
}

// Of latents, by samples of their prior (Eq. 7.4): of a linear Q alpha log E exp(c h / alpha) =
// |c|^2 / (2 alpha); of Q = -k h^2 / 2 it is -alpha / 2 log(1 + k / alpha), and the entropy statistic is
// minus the divergence of N(0, 1 / (1 + k / alpha)) from the prior.
TEST(SoftValue, OfLatentsIsThatOfTheirPrior) {
  constexpr int samples = 400'000;
  Random random(5, 6);
  std::vector<float> h(samples), q(samples);
  random.fill_normal(h);
  for (const double alpha : {0.5, 2.0}) {
    const double c = 0.4, k = 0.7, precision = 1 + k / alpha;
    for (int i = 0; i < samples; ++i) q[i] = static_cast<float>(c * static_cast<double>(h[i]));
    EXPECT_NEAR(soft_value(q, alpha, 0).value, c * c / (2 * alpha), 0.005);
    for (int i = 0; i < samples; ++i)
      q[i] = static_cast<float>(-k / 2 * static_cast<double>(h[i]) * static_cast<double>(h[i]));
    const SoftValue value = soft_value(q, alpha, 0);
    EXPECT_NEAR(value.value, -alpha / 2 * std::log(precision), 0.003);
    EXPECT_NEAR(value.entropy, -(std::log(precision) + 1 / precision - 1) / 2, 0.003);
  }
}

// Of a constant Q, whatever the number of samples: V = Q + alpha d log 2, entropy d log 2.
TEST(SoftValue, OfAConstantIsExact) {
  const std::vector<float> q(7, -3.5f);
  const SoftValue value = soft_value(q, 0.25, action_log_volume(3));
  EXPECT_NEAR(value.value, -3.5 + 0.25 * 3 * std::numbers::ln2, 1e-12);
  EXPECT_NEAR(value.entropy, 3 * std::numbers::ln2, 1e-12);
}

TEST(Stein, TheScoreIsTheGradientOfTheSquashedDensity) {
  const torch::Tensor u = test::normal({5, 3}, 1).mul_(1.5).requires_grad_();
  const torch::Tensor a = torch::tanh(u);
  const torch::Tensor energy = (a.sin() * 2 + a.prod(1, true)).sum();
  const torch::Tensor log_p = energy + torch::log(1 - a.square()).sum();
  const torch::Tensor score = torch::autograd::grad({log_p}, {u})[0];
  const torch::Tensor action = a.detach().requires_grad_();
  const torch::Tensor slope =
      torch::autograd::grad({(action.sin() * 2 + action.prod(1, true)).sum()}, {action})[0];
  EXPECT_LT((squashed_score(action, slope) - score).abs().max().item<double>(), 1e-12);
}

// Eq. 3.11 word for word, for one state.
torch::Tensor direction_in_words(const torch::Tensor& u, const torch::Tensor& score) {
  const std::int64_t k = u.size(0);
  std::vector<double> squares;
  for (std::int64_t i = 0; i < k; ++i)
    for (std::int64_t j = i + 1; j < k; ++j) squares.push_back((u[i] - u[j]).square().sum().item<double>());
  std::sort(squares.begin(), squares.end());
  const double median = squares[(squares.size() - 1) / 2];
  const double h = std::max(median / (2 * std::log(static_cast<double>(k + 1))), stein_floor);
  torch::Tensor direction = torch::zeros_like(u);
  for (std::int64_t j = 0; j < k; ++j) {
    for (std::int64_t i = 0; i < k; ++i) {
      const torch::Tensor from = u[i].detach().clone().requires_grad_();
      const torch::Tensor kernel = torch::exp(-(from - u[j]).square().sum() / h);
      const torch::Tensor gradient = torch::autograd::grad({kernel}, {from})[0];
      direction[j] += (kernel.detach() * score[i] + gradient) / static_cast<double>(k);
    }
  }
  return direction;
}

TEST(Stein, TheDirectionIsTheEquation) {
  for (const std::int64_t particles : {2, 3, 9, 16}) {
    const torch::Tensor u = test::normal({2, particles, 2}, 5), score = test::normal({2, particles, 2}, 6);
    const torch::Tensor direction = stein_direction(u, score);
    for (int state = 0; state < 2; ++state)
      EXPECT_LT((direction[state] - direction_in_words(u[state], score[state])).abs().max().item<double>(),
                1e-12);
  }
}

TEST(Stein, EveryKernelAgreesWithTheDirection) {
  int count = 0;
  const Kernels* const* all = all_kernels(count);
  for (int which = 0; which < count; ++which) {
    for (const std::int64_t particles : {2, 3, 15, 16, 17, 32, 100}) {
      for (const std::int64_t m : {1, 2, 7}) {
        for (const double spread : {1.0, 1e-3, 0.0, 30.0}) {
          torch::Tensor u = (test::normal({1, particles, m}, 7) * spread).to(torch::kFloat);
          const torch::Tensor score = test::normal({1, particles, m}, 8).to(torch::kFloat);
          const torch::Tensor expected = stein_direction(u.to(torch::kDouble), score.to(torch::kDouble))[0];
          torch::Tensor direction = torch::full({particles, m + 3}, 99.0, torch::kFloat);
          std::vector<float> scratch(static_cast<std::size_t>(stein_scratch(particles, m)));
          all[which]->stein_direction(
              {.particles = particles,
               .size = m,
               .u = u.data_ptr<float>(),
               .u_row = m,
               .score = score.data_ptr<float>(),
               .score_row = m,
               .median_part = static_cast<float>(2 * std::log(static_cast<double>(particles + 1))),
               .floor = static_cast<float>(stein_floor),
               .direction = direction.data_ptr<float>(),
               .direction_row = m + 3,
               .scratch = scratch.data()});
          const torch::Tensor error = (direction.narrow(1, 0, m).to(torch::kDouble) - expected).abs();
          EXPECT_LT(error.max().item<double>(), 2e-5 * std::max(1.0, expected.abs().max().item<double>()))
              << all[which]->name << " " << particles << " x " << m << ", spread " << spread;
          EXPECT_TRUE((direction.narrow(1, m, 3) == 99).all().item<bool>());
        }
      }
    }
  }
}

}  // namespace
}  // namespace motet
