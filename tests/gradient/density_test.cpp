// The tanh-Gaussian density (Eq. C.2): integrates to one, agrees with the plain formula, is stable.

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "differences.h"
#include "gaussian_policy.h"

namespace motet {
namespace {

using namespace test;

GaussianHead head_of(std::vector<double> mean, std::vector<double> sigma) {
  const auto row = [](std::vector<double>& values) {
    return torch::tensor(values, torch::kDouble).reshape({1, -1});
  };
  return {row(mean), row(sigma).log()};
}

// n midpoints of (-1, 1).
torch::Tensor midpoints(std::int64_t n) {
  return (torch::arange(n, torch::kDouble) + 0.5) * (2.0 / static_cast<double>(n)) - 1;
}

// log pi(a) of actions [B, m].
torch::Tensor log_prob(const torch::Tensor& action, const GaussianHead& head) {
  return tanh_gaussian_log_prob(torch::atanh(action), head);
}

TEST(Density, IntegratesToOneInOneDimension) {
  for (const double mean : {-1.0, 0.0, 0.7}) {
    for (const double sigma : {0.1, 0.5, 1.0}) {
      const torch::Tensor a = midpoints(400'000).unsqueeze(1);
      const double integral = log_prob(a, head_of({mean}, {sigma})).exp().mean().item<double>() * 2;
      EXPECT_NEAR(integral, 1, 1e-5) << mean << " " << sigma;
    }
  }
}

TEST(Density, IntegratesToOneInTwoDimensions) {
  const torch::Tensor line = midpoints(1500);
  const std::vector<torch::Tensor> grid = torch::meshgrid({line, line}, "ij");
  const torch::Tensor a = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
  const double integral = log_prob(a, head_of({0.4, -0.6}, {0.3, 0.6})).exp().mean().item<double>() * 4;
  EXPECT_NEAR(integral, 1, 1e-4);
}

// As it is written in the thesis: fine where tanh(u) is not near one.
TEST(Density, AgreesWithThePlainFormula) {
  const torch::Tensor u = torch::linspace(-3, 3, 61, torch::kDouble).unsqueeze(1);
  const GaussianHead head = head_of({0.3}, {0.8});
  const torch::Tensor z = (u - 0.3) / 0.8;
  const torch::Tensor plain = z.square() * -0.5 - std::log(0.8 * std::sqrt(2 * std::numbers::pi)) -
                              torch::log(1 - torch::tanh(u).square());
  EXPECT_TRUE(torch::allclose(tanh_gaussian_log_prob(u, head), plain.squeeze(1), 1e-12, 1e-11));
}

// 1 - tanh(u)^2 is 4 exp(-2 |u|) far out, where it rounds to zero.
TEST(Density, JacobianIsStableFarOut) {
  const torch::Tensor u = torch::tensor({{-500.0}, {-30.0}, {30.0}, {500.0}}, torch::kDouble);
  const torch::Tensor expected = std::log(4.0) - 2 * u.abs().squeeze(1);
  EXPECT_TRUE(torch::allclose(log_tanh_jacobian(u), expected, 1e-14, 1e-12));
  EXPECT_TRUE(torch::allclose(log_tanh_jacobian(u.to(torch::kFloat)).to(torch::kDouble), expected, 1e-6, 0));
}

TEST(Density, WorkedOutByHand) {
  // u = 0, mu = 0, sigma = 1: log N = -log sqrt(2 pi), tanh'(0) = 1.
  EXPECT_NEAR(tanh_gaussian_log_prob(torch::zeros({1, 1}, torch::kDouble), head_of({0}, {1})).item<double>(),
              -0.918938533204673, 1e-14);
  // u = 1, mu = 0, sigma = 2: -1/8 - log 2 - log sqrt(2 pi) - log(1 - tanh(1)^2).
  EXPECT_NEAR(tanh_gaussian_log_prob(torch::ones({1, 1}, torch::kDouble), head_of({0}, {2})).item<double>(),
              -0.125 - std::log(2) - 0.918938533204673 - std::log(1 - std::pow(std::tanh(1), 2)), 1e-12);
}

TEST(Density, SampleAndLogProbAgree) {
  const GaussianHead head = {test::normal({64, 3}, 1), test::normal({64, 3}, 2) * 0.5};
  const torch::Tensor noise = test::normal({64, 3}, 3);
  const PolicySample sample = sample_of(head, noise);
  const torch::Tensor u = head.mean + head.log_sigma.exp() * noise;
  EXPECT_TRUE(torch::allclose(sample.action, torch::tanh(u), 1e-14, 1e-14));
  EXPECT_TRUE(torch::allclose(sample.log_prob, tanh_gaussian_log_prob(u, head), 1e-10, 1e-10));
}

// E[-log pi] over samples against the integral of -pi log pi.
TEST(Density, EntropyOfSamplesIsTheIntegral) {
  const GaussianHead head = head_of({0.5}, {0.7});
  const torch::Tensor a = midpoints(400'000).unsqueeze(1);
  const torch::Tensor log_density = log_prob(a, head);
  const double integral = -(log_density.exp() * log_density).mean().item<double>() * 2;
  const double sampled = -sample_of(head, test::normal({200'000, 1}, 4)).log_prob.mean().item<double>();
  EXPECT_NEAR(sampled, integral, 0.01);
}

TEST(Density, LogSigmaIsClamped) {
  Random random(1);
  GaussianPolicy policy(2, 1, {}, random);
  const std::span<double> values = flat<double>(policy.buffer().values());  // weight [2, 2], bias [2]
  std::fill(values.begin(), values.end(), 0);
  const torch::Tensor observation = torch::zeros({1, 2}, torch::kDouble),
                      noise = torch::full({1, 1}, 0.01, torch::kDouble);
  values[5] = 7;
  EXPECT_NEAR(policy.sample(observation, noise).action.item<double>(), std::tanh(0.01 * std::exp(2)), 1e-12);
  values[5] = -70;
  EXPECT_NEAR(policy.sample(observation, noise).action.item<double>(), 0.01 * std::exp(-20), 1e-20);
}

}  // namespace
}  // namespace motet
