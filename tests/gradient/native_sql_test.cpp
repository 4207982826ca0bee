// The native engine's soft Q-learning against LibTorch's autograd in float64, then whole updates of both
// backends in float32.

#include "runtime/learning/native_sql.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "runtime/learning/compute_threads.h"
#include "runtime/learning/soft_value.h"
#include "runtime/learning/stein.h"
#include "runtime/learning/torch_sql.h"
#include "runtime/policy/density_policy.h"
#include "runtime/policy/mlp.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

struct Shape {
  std::int64_t n, m, batch, particles, samples;
  std::vector<std::int64_t> policy_hidden, critic_hidden;
  PolicyKind policy = PolicyKind::sampler;
  bool latent = false;     // its actions have no bounds, and a Gaussian prior
  bool by_policy = false;  // the soft value, not by the prior
  std::int64_t critics = 1;

  LearnerShape networks() const {
    return {.observation_size = n,
            .action_size = m,
            .policy_hidden = policy_hidden,
            .policy = policy,
            .bounded = !latent,
            .gaussian_prior = latent};
  }
};

struct Problem {
  Problem(const Shape& shape, std::uint64_t seed, double temperature_used = 0.4)
      : random(seed, 99),
        temperature(temperature_used),
        settings(settings_of(shape)),
        state(shape.networks(), settings, seed),
        replay(std::move(*ReplayBuffer::make(shape.batch + 3, shape.n, shape.m))),
        slots(static_cast<std::size_t>(shape.batch)),
        next_noise(static_cast<std::size_t>(shape.batch * shape.samples * shape.m)),
        noise(static_cast<std::size_t>(shape.batch * state.particles * shape.m)) {
    set_compute_threads(1);
    // A flow begins as the identity, and its couplings' gradients as nothing.
    for (float& value : state.policy.values()) value += static_cast<float>(0.05 * random.normal());
    for (float& value : state.target.values()) value *= static_cast<float>(1 + 0.1 * random.normal());
    std::vector<float> s(static_cast<std::size_t>(shape.n)), a(static_cast<std::size_t>(shape.m)),
        next(s.size());
    for (std::int64_t i = 0; i < replay.capacity(); ++i) {
      random.fill_normal(s);
      random.fill_normal(next);
      random.fill_uniform(a, -1, 1);
      replay.add({s, a, static_cast<float>(random.normal()), next, i % 3 == 0});
    }
    draw();
  }

  static SqlSettings settings_of(const Shape& shape) {
    SqlSettings settings;
    settings.batch = shape.batch;
    settings.hidden = shape.critic_hidden;
    settings.particles = shape.particles;
    settings.value_samples = shape.samples;
    settings.critics = shape.critics;
    settings.value_proposal = shape.by_policy ? "adaptive" : "fixed";
    settings.reward_scale = 2;
    settings.tau = 0.3;
    return settings;
  }
  void draw() {
    for (std::int64_t& slot : slots)
      slot = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(replay.capacity())));
    if (state.shape.bounded && !state.value_by_policy) {
      random.fill_uniform(next_noise, -1, 1);
    } else {
      random.fill_normal(next_noise);
    }
    random.fill_normal(noise);
  }
  UpdateBatch batch() const { return {&replay, slots, next_noise, noise, temperature, true}; }

  Random random;
  double temperature;
  SqlSettings settings;
  LearnerState state;
  ReplayBuffer replay;
  std::vector<std::int64_t> slots;
  std::vector<float> next_noise, noise;
};

torch::Tensor in_double(std::span<const float> values, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat).to(torch::kDouble);
}

torch::Tensor in_double(std::span<const float> values) {
  return in_double(values, {static_cast<std::int64_t>(values.size())});
}

struct Exact {
  double critic_loss = 0, actor_loss = 0;
  torch::Tensor critic_gradient, policy_gradient;
};

torch::Tensor repeated(const torch::Tensor& rows, std::int64_t count) {
  return rows.repeat_interleave(count, 0);
}

// Eq. 3.9 by the values before the update, and Eq. 3.12 with the critic after it.
Exact exact_update(const Problem& p, const torch::Tensor& policy_values, const torch::Tensor& critic_before,
                   const torch::Tensor& critic_after, const torch::Tensor& target_values) {
  TransitionBatch rows(p.settings.batch, p.state.shape.observation_size, p.state.shape.action_size);
  p.replay.gather(p.slots, rows);
  const std::int64_t b = rows.size, n = rows.observation_size, m = rows.action_size;
  const auto network = [&](const torch::Tensor& values) {
    return QFunctions(p.state.critic_sizes, values.clone(), torch::zeros_like(values));
  };
  const auto smallest = [](const torch::Tensor& q) { return std::get<0>(q.min(0)); };
  QFunctions critic = network(critic_before), after = network(critic_after), target = network(target_values);
  ParameterBuffer policy(policy_shapes(p.state.shape.policy_shape()), policy_values.clone(),
                         torch::zeros_like(policy_values));
  const torch::Tensor s = in_double(rows.observation, {b, n}), a = in_double(rows.action, {b, m}),
                      next = in_double(rows.next_observation, {b, n});
  const std::int64_t samples = p.settings.value_samples, k = p.state.particles;
  torch::Tensor proposed = in_double(p.next_noise, {b * samples, m});
  torch::Tensor log_ratio = torch::zeros({b * samples}, torch::kDouble);
  if (p.state.value_by_policy) {
    const PolicySample sample =
        density_sample(p.state.shape.policy_shape(), policy.frozen(), repeated(next, samples), proposed);
    proposed = sample.action;
    log_ratio = sample.log_prob;
  }
  const torch::Tensor next_q =
      smallest(target.frozen(repeated(next, samples), proposed)) - p.temperature * log_ratio;
  const torch::Tensor goal = p.settings.reward_scale * in_double(rows.reward) +
                             p.settings.discount * (1 - in_double(rows.terminated)) *
                                 soft_value(next_q.view({b, samples}), p.temperature, p.state.log_volume);
  const torch::Tensor critic_loss = (critic(s, a) - goal).square().mean(1).sum() * 0.5;
  critic_loss.backward();

  torch::Tensor loss;
  Exact exact;
  if (p.state.shape.policy != PolicyKind::sampler) {
    const PolicySample sample =
        density_sample(p.state.shape.policy_shape(), policy.parameters(), s, in_double(p.noise, {b, m}));
    loss = (sample.log_prob - smallest(after.frozen(s, sample.action)) / p.temperature).mean();
    exact.actor_loss = loss.item<double>();
  } else {
    const torch::Tensor xi = in_double(p.noise, {b * k, m});
    const torch::Tensor u = xi + mlp(torch::cat({repeated(s, k), xi}, 1), policy.parameters());
    const torch::Tensor action = torch::tanh(u.detach()).requires_grad_();
    const torch::Tensor slope = torch::autograd::grad(
        {smallest(after.frozen(repeated(s, k), action)).sum() / p.temperature}, {action})[0];
    const torch::Tensor direction =
        stein_direction(u.detach().view({b, k, m}), squashed_score(action, slope).view({b, k, m}));
    exact.actor_loss = direction.square().sum(-1).mean().sqrt().item<double>();
    loss = -(direction.detach().view({b * k, m}) * u).sum() / static_cast<double>(b * k);
  }
  loss.backward();
  exact.critic_loss = critic_loss.item<double>();
  exact.critic_gradient = critic.buffer().gradient();
  exact.policy_gradient = policy.gradient();
  return exact;
}

void expect_gradient(std::span<const float> gradient, const torch::Tensor& exact, const std::string& what) {
  const torch::Tensor error = (in_double(gradient) - exact).abs();
  EXPECT_LT(error.max().item<double>(), 2e-5 * exact.abs().max().item<double>() + 1e-9) << what;
  EXPECT_GT(exact.abs().max().item<double>(), 1e-6) << what;
}

void compare(const Shape& shape, std::uint64_t seed, double temperature) {
  Problem p(shape, seed, temperature);
  const torch::Tensor policy = in_double(p.state.policy.values()).clone(),
                      critic = in_double(p.state.critic.values()).clone(),
                      target = in_double(p.state.target.values()).clone();
  Team team(2);
  const UpdateStatistics seen = make_native_sql(p.state, team)->update(p.batch());
  const Exact exact = exact_update(p, policy, critic, in_double(p.state.critic.values()), target);
  const std::string what = "seed " + std::to_string(seed) + ", " + std::to_string(shape.n) + " + " +
                           std::to_string(shape.m) + ", batch " + std::to_string(shape.batch);
  EXPECT_NEAR(seen.critic_loss, exact.critic_loss, 1e-5 * std::max(1.0, exact.critic_loss)) << what;
  EXPECT_NEAR(seen.actor_loss, exact.actor_loss, 2e-5 * std::max(1.0, std::abs(exact.actor_loss))) << what;
  expect_gradient(p.state.critic.gradient(), exact.critic_gradient, "critic, " + what);
  expect_gradient(p.state.policy.gradient(), exact.policy_gradient, "policy, " + what);
}

TEST(NativeSql, AgreesWithAutogradInDouble) {
  Random random(1, 5);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto between = [&](std::uint64_t low, std::uint64_t high) {
      return static_cast<std::int64_t>(low + random.below(high - low + 1));
    };
    const Shape shape{between(1, 20),
                      between(1, 8),
                      between(1, 40),
                      between(2, 40),
                      between(1, 60),
                      {between(1, 40), between(1, 40)},
                      {between(1, 40), between(1, 40)},
                      PolicyKind::sampler,
                      false,
                      false,
                      between(1, 2)};
    compare(shape, seed, 0.1 + random.uniform());
  }
}

TEST(NativeSql, PoliciesWithADensityAgreeWithAutograd) {
  for (const PolicyKind policy : {PolicyKind::gaussian, PolicyKind::flow})
    for (const bool latent : {false, true})
      for (const bool by_policy : {false, true})
        for (std::uint64_t seed = 1; seed <= 10; ++seed)
          for (const std::int64_t critics : {1, 2})
            compare({7, 3, 33, 1, 20, {24, 16}, {30, 20}, policy, latent, by_policy, critics}, seed, 0.5);
}

TEST(NativeSql, BothBackendsTakeTheSameSteps) {
  struct Kind {
    PolicyKind policy;
    bool latent = false, by_policy = false;
    std::int64_t critics = 1;
  };
  const Kind kinds[] = {{PolicyKind::sampler},
                        {PolicyKind::gaussian},
                        {PolicyKind::flow},
                        {PolicyKind::flow, true},
                        {PolicyKind::flow, false, true},
                        {PolicyKind::flow, true, true},
                        {PolicyKind::sampler, false, false, 2},
                        {PolicyKind::flow, false, true, 2}};
  for (const auto& [policy, latent, by_policy, critics] : kinds) {
    const Shape shape{12, 3, 32, 16, 20, {64, 64}, {64, 64}, policy, latent, by_policy, critics};
    for (const bool mirrored : {false, true}) {
      Problem native(shape, 3), other(shape, 3);
      Team team(2);
      const auto one = make_native_sql(native.state, team);
      const auto two = make_torch_sql(other.state, {.device = "cpu", .mirrored = mirrored});
      for (int i = 0; i < 20; ++i) {
        native.draw();
        other.draw();
        const UpdateStatistics left = one->update(native.batch()), right = two->update(other.batch());
        EXPECT_NEAR(left.critic_loss, right.critic_loss, 1e-3 * right.critic_loss);
        EXPECT_NEAR(left.entropy, right.entropy, 1e-3);
        EXPECT_NEAR(left.q, right.q, 1e-3);
        EXPECT_NEAR(left.actor_loss, right.actor_loss, 1e-3);
      }
      two->store();
      const auto expect_near = [](std::span<const float> left, std::span<const float> right) {
        for (std::size_t i = 0; i < left.size(); ++i) ASSERT_NEAR(left[i], right[i], 2e-4) << i;
      };
      expect_near(native.state.policy.values(), other.state.policy.values());
      expect_near(native.state.critic.values(), other.state.critic.values());
      expect_near(native.state.target.values(), other.state.target.values());
    }
  }
}

TEST(NativeSql, TheResultDoesNotDependOnTheTeam) {
  const Shape shape{12, 3, 25, 20, 30, {32, 24}, {24, 32}, PolicyKind::sampler, false, false, 2};
  std::vector<std::vector<float>> results;
  for (const int members : {1, 2, 3, 7}) {
    Problem p(shape, 4);
    Team team(members);
    const auto backend = make_native_sql(p.state, team);
    for (int i = 0; i < 5; ++i) backend->update(p.batch());
    results.emplace_back(p.state.policy.values().begin(), p.state.policy.values().end());
    results.back().insert(results.back().end(), p.state.critic.values().begin(),
                          p.state.critic.values().end());
    EXPECT_EQ(results.back(), results.front()) << members << " members";
  }
}

}  // namespace
}  // namespace motet
