// The losses of soft actor-critic: values worked out by hand, gradients against central differences.

#include <gtest/gtest.h>

#include <cmath>

#include "differences.h"
#include "gaussian_policy.h"
#include "runtime/learning/losses.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

using test::GaussianPolicy;

torch::Tensor row(std::vector<double> values) {
  return torch::tensor(values, torch::kDouble);
}

const std::vector<std::int64_t> hidden = {7, 5};

struct Networks {
  Networks() : random(11), policy(3, 2, hidden, random), critic(3, 2, hidden, torch::kDouble, random) {}

  Random random;
  GaussianPolicy policy;
  QFunctions critic;
  torch::Tensor observation = test::normal({16, 3}, 21), action = torch::tanh(test::normal({16, 2}, 22));
  torch::Tensor noise = test::normal({16, 2}, 23), target = test::normal({16}, 24);
};

TEST(Losses, TargetByHand) {
  // The smaller Q: 2 and -1. y = 0.5 * 3 + 0.9 * (2 + 0.2 * 4) and, terminated, 0.5 * 1.
  const torch::Tensor target = soft_bellman_target(
      row({3, 1}), row({0, 1}), torch::stack({row({2, 5}), row({6, -1})}), row({-4, 8}), 0.2, 0.9, 0.5);
  EXPECT_TRUE(torch::allclose(target, row({1.5 + 0.9 * 2.8, 0.5}), 1e-14, 1e-14));
}

TEST(Losses, CriticByHand) {
  // Errors 1 and 3, then 0 and 2: (1 + 9) / 4 + (0 + 4) / 4.
  const torch::Tensor q = torch::stack({row({2, 4}), row({1, 3})});
  EXPECT_NEAR(critic_loss(q, row({1, 1})).item<double>(), 3.5, 1e-14);
}

TEST(Losses, ActorByHand) {
  // 0.5 * -2 - 1 and 0.5 * 4 - (-3): mean of -2 and 5.
  EXPECT_NEAR(actor_loss(row({-2, 4}), torch::stack({row({1, 9}), row({7, -3})}), 0.5).item<double>(), 1.5,
              1e-14);
}

// One linear layer, no hidden one: Q_1 = w s + v a + b by hand, and its gradient.
TEST(Losses, LinearCriticByHand) {
  Random random(1);
  QFunctions critic(1, 1, std::vector<std::int64_t>{}, torch::kDouble, random);
  const std::vector<double> values = {2, 3, 1, /* second */ -1, 0.5, 0};
  std::copy(values.begin(), values.end(), flat<double>(critic.buffer().values()).begin());
  const torch::Tensor s = row({0.5}).unsqueeze(1), a = row({-1}).unsqueeze(1);
  const torch::Tensor q = critic(s, a);
  EXPECT_TRUE(torch::allclose(q, torch::stack({row({-1}), row({-1})}), 1e-14, 1e-14));
  critic_loss(q, row({2})).backward();  // errors -3: gradient -3 (s, a, 1), twice
  EXPECT_TRUE(torch::allclose(critic.buffer().gradient(), row({-1.5, 3, -3, -1.5, 3, -3}), 1e-14, 1e-14));
}

// One linear layer: mu = s, log sigma = 0; Q_1 = Q_2 = 2 a. At noise 0, u = s, so that
// J = alpha (-log sqrt(2 pi) - log(1 - tanh(s)^2)) - 2 tanh(s) and dJ/dmu = alpha 2 tanh(s) - 2 (1 -
// tanh(s)^2).
TEST(Losses, LinearActorByHand) {
  Random random(1);
  GaussianPolicy policy(1, 1, {}, random);
  QFunctions critic(1, 1, std::vector<std::int64_t>{}, torch::kDouble, random);
  const std::vector<double> mean_is_s = {1, 0, 0, 0}, twice_the_action = {0, 2, 0, 0, 2, 0};
  std::copy(mean_is_s.begin(), mean_is_s.end(), flat<double>(policy.buffer().values()).begin());
  std::copy(twice_the_action.begin(), twice_the_action.end(), flat<double>(critic.buffer().values()).begin());
  const double s = 0.4, alpha = 0.3, t = std::tanh(s);
  const torch::Tensor observation = row({s}).unsqueeze(1);
  const PolicySample sample = policy.sample(observation, torch::zeros({1, 1}, torch::kDouble));
  const torch::Tensor loss = actor_loss(sample.log_prob, critic.frozen(observation, sample.action), alpha);
  EXPECT_NEAR(loss.item<double>(), alpha * (-0.918938533204673 - std::log(1 - t * t)) - 2 * t, 1e-13);
  loss.backward();
  const double by_mean = alpha * 2 * t - 2 * (1 - t * t), by_log_sigma = -alpha;
  // The gradient of (weight of mu, weight of log sigma, bias of mu, bias of log sigma).
  EXPECT_TRUE(torch::allclose(policy.buffer().gradient(),
                              row({by_mean * s, by_log_sigma * s, by_mean, by_log_sigma}), 1e-13, 1e-13));
}

TEST(Losses, CriticGradient) {
  Networks n;
  test::expect_gradient(n.critic.buffer(),
                        [&] { return critic_loss(n.critic(n.observation, n.action), n.target); });
}

TEST(Losses, ActorGradient) {
  Networks n;
  test::expect_gradient(n.policy.buffer(), [&] {
    const PolicySample sample = n.policy.sample(n.observation, n.noise);
    return actor_loss(sample.log_prob, n.critic.frozen(n.observation, sample.action), 0.3);
  });
}

// The policy's update asks for no gradient of the critics.
TEST(Losses, ActorLeavesTheCriticsAlone) {
  Networks n;
  const PolicySample sample = n.policy.sample(n.observation, n.noise);
  actor_loss(sample.log_prob, n.critic.frozen(n.observation, sample.action), 0.3).backward();
  EXPECT_EQ(n.critic.buffer().gradient().abs().max().item<double>(), 0);
  EXPECT_GT(n.policy.buffer().gradient().abs().max().item<double>(), 0);
}

// Eq. 4.9, term by term: grad_phi alpha log pi(a) at a fixed a, plus
// (grad_a alpha log pi - grad_a Q) grad_phi f.
TEST(Losses, ActorGradientIsEquation49) {
  Networks n;
  const double alpha = 0.3;
  n.policy.buffer().zero_gradient();
  const PolicySample sample = n.policy.sample(n.observation, n.noise);
  actor_loss(sample.log_prob, n.critic.frozen(n.observation, sample.action), alpha).backward();
  const torch::Tensor whole = n.policy.buffer().gradient().clone();

  n.policy.buffer().zero_gradient();
  const torch::Tensor a = sample.action.detach().requires_grad_(true);
  const torch::Tensor q = n.critic.frozen(n.observation, a);
  const torch::Tensor log_prob = test::tanh_gaussian_log_prob(torch::atanh(a), n.policy.head(n.observation));
  (alpha * log_prob).mean().backward();  // by phi into the buffer, by a into a
  const torch::Tensor by_action =
      a.grad() - torch::autograd::grad({torch::minimum(q[0], q[1]).mean()}, {a})[0];
  n.policy.sample(n.observation, n.noise).action.backward(by_action);
  EXPECT_TRUE(torch::allclose(n.policy.buffer().gradient(), whole, 1e-9, 1e-12));
}

TEST(Losses, TargetIsAConstantOfTheUpdate) {
  Networks n;
  torch::NoGradGuard no_gradient;
  const PolicySample next = n.policy.sample(n.observation, n.noise);
  const torch::Tensor target =
      soft_bellman_target(n.target, torch::zeros({16}, torch::kDouble),
                          n.critic.frozen(n.observation, next.action), next.log_prob, 0.2, 0.99, 1);
  EXPECT_FALSE(target.requires_grad());
}

}  // namespace
}  // namespace motet
