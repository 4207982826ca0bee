// The native engine's soft actor-critic against LibTorch's autograd in float64: losses and gradients over
// random shapes, with saturated actions, extreme log-sigmas and denormals; then whole updates of both
// backends in float32.

#include "runtime/learning/native_sac.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "differences.h"
#include "runtime/learning/compute_threads.h"
#include "runtime/learning/losses.h"
#include "runtime/learning/torch_sac.h"
#include "runtime/policy/density_policy.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

struct Shape {
  std::int64_t n, m, batch;
  std::vector<std::int64_t> policy_hidden, critic_hidden;
  PolicyKind policy = PolicyKind::gaussian;
  bool latent = false;  // a layer that stands on another: unbounded, with a Gaussian prior

  LearnerShape learner() const {
    return {.observation_size = n,
            .action_size = m,
            .policy_hidden = policy_hidden,
            .policy = policy,
            .couplings = 3,
            .bounded = !latent,
            .gaussian_prior = latent};
  }
};

struct Problem {
  Problem(const Shape& shape, std::uint64_t seed, double head_scale, float data_scale = 1)
      : random(seed, 99),
        settings(settings_of(shape)),
        state(shape.learner(), settings, seed),
        replay(std::move(*ReplayBuffer::make(shape.batch + 3, shape.n, shape.m))),
        slots(static_cast<std::size_t>(shape.batch)),
        next_noise(static_cast<std::size_t>(shape.batch * shape.m)),
        noise(next_noise.size()) {
    set_compute_threads(1);
    // The last layer's outputs spread over mu and log sigma, far beyond the clamp where it is large.
    const std::span<float> policy = state.policy.values();
    if (shape.policy == PolicyKind::flow) {  // not the identity that it begins as
      for (float& value : policy) value += static_cast<float>(0.1 * head_scale * random.normal());
    } else {
      const auto width = static_cast<std::size_t>(state.shape.policy_shape().sizes().rbegin()[1]);
      for (float& value : policy.last((width + 1) * static_cast<std::size_t>(2 * shape.m)))
        value *= static_cast<float>(head_scale);
    }
    fill(shape, data_scale);
  }

  void fill(const Shape& shape, float data_scale) {
    // The targets are not the critics.
    for (float& value : state.target.values()) value *= static_cast<float>(1 + 0.1 * random.normal());
    std::vector<float> s(static_cast<std::size_t>(shape.n)), a(static_cast<std::size_t>(shape.m)),
        next(s.size());
    for (std::int64_t i = 0; i < replay.capacity(); ++i) {
      random.fill_normal(s);
      random.fill_normal(next);
      random.fill_uniform(a, -1, 1);
      for (std::vector<float>* values : {&s, &next}) {
        for (float& value : *values) value *= data_scale;
      }
      replay.add({s, a, static_cast<float>(random.normal()), next, i % 3 == 0});
    }
    for (std::int64_t& slot : slots)
      slot = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(replay.capacity())));
    random.fill_normal(next_noise);
    random.fill_normal(noise);
  }

  static SacSettings settings_of(const Shape& shape) {
    SacSettings settings;
    settings.batch = shape.batch;
    settings.hidden = shape.critic_hidden;
    settings.reward_scale = 2;
    settings.tau = 0.01;
    return settings;
  }
  UpdateBatch batch() const { return {&replay, slots, next_noise, noise, 0.3, true}; }

  Random random;
  SacSettings settings;
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

// Losses and gradients in float64. The policy's are those with the critics after their step.
struct Exact {
  torch::Tensor critic_loss, actor_loss, entropy;
  torch::Tensor critic_gradient, policy_gradient;
  // How near the closest preactivation, or pair of Q-values, is to where the gradient jumps.
  double margin = 1;
};

// The smallest |preactivation| of hidden units of one network, beside the largest.
double margin_of(torch::Tensor input, std::span<const torch::Tensor> parameters) {
  double margin = 1;
  for (std::size_t i = 0; i + 2 < parameters.size(); i += 2) {
    input = torch::addmm(parameters[i + 1], input, parameters[i]);
    margin = std::min(margin, input.abs().min().item<double>());
    input = input.relu();
  }
  return margin;
}

Exact exact_critics(Problem& p, const torch::Tensor& policy_values, const torch::Tensor& critic_values,
                    const torch::Tensor& target_values) {
  TransitionBatch rows(p.settings.batch, p.state.shape.observation_size, p.state.shape.action_size);
  p.replay.gather(p.slots, rows);
  const std::int64_t b = rows.size, n = rows.observation_size, m = rows.action_size;
  const PolicyShape shape = p.state.shape.policy_shape();
  const ParameterBuffer policy(policy_shapes(shape), policy_values, torch::zeros_like(policy_values));
  QFunctions critic(p.state.critic_sizes, critic_values, torch::zeros_like(critic_values));
  QFunctions target(p.state.critic_sizes, target_values, torch::zeros_like(target_values));
  const torch::Tensor observation = in_double(rows.observation, {b, n}),
                      action = in_double(rows.action, {b, m}),
                      next = in_double(rows.next_observation, {b, n});
  Exact exact;
  torch::Tensor goal;
  {
    torch::NoGradGuard no_gradient;
    const PolicySample sample = density_sample(shape, policy.frozen(), next, in_double(p.next_noise, {b, m}));
    goal = soft_bellman_target(in_double(rows.reward), in_double(rows.terminated),
                               target.frozen(next, sample.action), sample.log_prob, 0.3, p.settings.discount,
                               p.settings.reward_scale);
    const torch::Tensor both = torch::cat({observation, action}, 1);
    const auto frozen = critic.buffer().frozen();
    exact.margin = std::min(margin_of(both, frozen.first(frozen.size() / 2)),
                            margin_of(both, frozen.last(frozen.size() / 2)));
  }
  exact.critic_loss = critic_loss(critic(observation, action), goal);
  exact.critic_loss.backward();
  exact.critic_gradient = critic.buffer().gradient();
  return exact;
}

void exact_policy(Problem& p, const torch::Tensor& policy_values, const torch::Tensor& critic_values,
                  Exact& exact) {
  TransitionBatch rows(p.settings.batch, p.state.shape.observation_size, p.state.shape.action_size);
  p.replay.gather(p.slots, rows);
  const std::int64_t b = rows.size, n = rows.observation_size, m = rows.action_size;
  const PolicyShape shape = p.state.shape.policy_shape();
  const ParameterBuffer policy(policy_shapes(shape), policy_values, torch::zeros_like(policy_values));
  QFunctions critic(p.state.critic_sizes, critic_values, torch::zeros_like(critic_values));
  const torch::Tensor observation = in_double(rows.observation, {b, n});
  const PolicySample sample =
      density_sample(shape, policy.parameters(), observation, in_double(p.noise, {b, m}));
  const torch::Tensor q = critic.frozen(observation, sample.action);
  exact.actor_loss = actor_loss(sample.log_prob, q, 0.3);
  exact.actor_loss.backward();
  exact.policy_gradient = policy.gradient();
  exact.entropy = -sample.log_prob.mean();
  torch::NoGradGuard no_gradient;
  const torch::Tensor both = torch::cat({observation, sample.action}, 1);
  const auto frozen = critic.buffer().frozen();
  exact.margin = std::min({exact.margin, (q[0] - q[1]).abs().min().item<double>(),
                           margin_of(both, frozen.first(frozen.size() / 2)),
                           margin_of(both, frozen.last(frozen.size() / 2)),
                           margin_of(observation, policy.frozen().first(2 * (shape.hidden.size() + 1)))});
}

double relative_error(std::span<const float> values, const torch::Tensor& exact) {
  return ((in_double(values) - exact).norm() / exact.norm()).item<double>();
}

// One native update beside its float64 reference. Returns whether the gradients agree to 1e-5. Where a
// float's rounding can put a unit on the other side of its corner they need not: there they may differ by
// what one unit of one row gives.
bool compare(const Shape& shape, std::uint64_t seed, double head_scale, float data_scale = 1,
             int members = 1) {
  Problem p(shape, seed, head_scale, data_scale);
  const torch::Tensor policy = in_double(p.state.policy.values()).clone();
  Exact exact =
      exact_critics(p, policy, in_double(p.state.critic.values()), in_double(p.state.target.values()));
  Team team(members);
  const UpdateStatistics seen = make_native_sac(p.state, team)->update(p.batch());
  exact_policy(p, policy, in_double(p.state.critic.values()), exact);
  // float32 sums of `width` terms near 1 are off by about 1e-7 of their root.
  const double widest = static_cast<double>(
      std::max({shape.n + shape.m, shape.critic_hidden.empty() ? 1 : shape.critic_hidden[0],
                shape.policy_hidden.empty() ? 1 : shape.policy_hidden[0]}));
  const bool at_a_corner = exact.margin < 3e-7 * std::sqrt(widest);
  const auto near = [](double value, const torch::Tensor& reference) {
    const double expected = reference.item<double>();
    EXPECT_NEAR(value, expected, 1e-5 * std::max(0.1, std::abs(expected)));
  };
  near(seen.critic_loss, exact.critic_loss);
  near(seen.actor_loss, exact.actor_loss);
  near(seen.entropy, exact.entropy);
  const double error = std::max(relative_error(p.state.critic.gradient(), exact.critic_gradient),
                                relative_error(p.state.policy.gradient(), exact.policy_gradient));
  EXPECT_LE(error, at_a_corner ? 3e-2 : 1e-5);
  return error <= 1e-5;
}

TEST(NativeSac, AgreesWithAutogradOverRandomShapes) {
  Random random(2024);
  const auto between = [&](double low, double high) {  // evenly in the logarithm
    return std::llround(low * std::pow(high / low, random.uniform()));
  };
  int agreed = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    Shape shape{between(1, 400), between(1, 40), between(1, 1024), {}, {}};
    for (auto* hidden : {&shape.policy_hidden, &shape.critic_hidden}) {
      for (std::uint64_t layers = random.below(4); layers > 0; --layers) hidden->push_back(between(1, 512));
    }
    SCOPED_TRACE("shape " + std::to_string(i) + ": " + std::to_string(shape.n) + ", " +
                 std::to_string(shape.m) + ", batch " + std::to_string(shape.batch));
    agreed += compare(shape, i + 1, 1, 1, 1 + static_cast<int>(i % 3));
  }
  EXPECT_GE(agreed, 55) << "of 60";
}

TEST(NativeSac, AgreesAtTheShapesThatAreUsed) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    compare({17, 6, 256, {256, 256}, {256, 256}}, seed, 1);
    compare({3, 1, 100, {64, 64}, {64, 64}}, seed, 1);
  }
}

TEST(NativeSac, AgreesWhereActionsSaturateAndSigmasAreExtreme) {
  for (const double scale : {10.0, 100.0, 1000.0})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) compare({11, 3, 64, {32, 32}, {32, 32}}, seed, scale);
}

// Flows, and layers that stand on others: actions without a bound, and a Gaussian prior.
TEST(NativeSac, AgreesForEveryKindOfPolicy) {
  int agreed = 0;
  for (const PolicyKind policy : {PolicyKind::gaussian, PolicyKind::flow}) {
    for (const bool latent : {false, true}) {
      for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        SCOPED_TRACE((latent ? "latent, seed " : "bounded, seed ") + std::to_string(seed));
        const int members = 1 + static_cast<int>(seed % 2);
        agreed += compare({17, 6, 128, {128, 128}, {128, 128}, policy, latent}, seed, 1, 1, members);
        agreed += compare({5, 1, 33, {16}, {24}, policy, latent}, seed, 1, 1, members);
        agreed += compare({9, 3, 20, {16, 16}, {24}, policy, latent}, seed, 1, 1, members);
      }
    }
  }
  EXPECT_GE(agreed, 66) << "of 72";
}

TEST(NativeSac, AgreesWhereNumbersAreDenormal) {
  // Observations below the normal floats: the native engine takes them for zero.
  for (std::uint64_t seed = 1; seed <= 4; ++seed) compare({11, 3, 64, {32, 32}, {32, 32}}, seed, 1, 1e-41f);
}

// The same update by both backends, in float32: parameters, moments and targets stay together.
TEST(NativeSac, BothBackendsTakeTheSameSteps) {
  const Shape gaussian{17, 6, 64, {64, 64}, {64, 64}};
  const Shape flow{17, 6, 64, {64, 64}, {64, 64}, PolicyKind::flow, true};
  for (const auto& [shape, mirrored] : {std::pair{gaussian, false}, {gaussian, true}, {flow, false}}) {
    Problem native(shape, 3, 1), other(shape, 3, 1);
    Team team(2);
    const auto one = make_native_sac(native.state, team);
    const auto two = make_torch_sac(other.state, {.device = "cpu", .mirrored = mirrored});
    for (int i = 0; i < 20; ++i) {
      for (Problem* p : {&native, &other}) {
        p->random.fill_normal(p->noise);
        p->random.fill_normal(p->next_noise);
        std::vector<float> s(17, 0.1f * static_cast<float>(i)), a(6, 0.5f);
        p->replay.add({s, a, 1, s, false});
      }
      const UpdateStatistics left = one->update(native.batch()), right = two->update(other.batch());
      EXPECT_NEAR(left.critic_loss, right.critic_loss, 1e-3 * right.critic_loss);
      EXPECT_NEAR(left.entropy, right.entropy, 1e-3);
      EXPECT_NEAR(left.q, right.q, 1e-3);
    }
    two->store();
    const auto expect_near = [](std::span<const float> left, std::span<const float> right) {
      for (std::size_t i = 0; i < left.size(); ++i) ASSERT_NEAR(left[i], right[i], 1e-4) << i;
    };
    expect_near(native.state.policy.values(), other.state.policy.values());
    expect_near(native.state.critic.values(), other.state.critic.values());
    expect_near(native.state.critic.second(), other.state.critic.second());
    expect_near(native.state.target.values(), other.state.target.values());
  }
}

// However many threads share an update, they do the same sums in the same order.
TEST(NativeSac, TheResultDoesNotDependOnTheTeam) {
  for (const PolicyKind policy : {PolicyKind::gaussian, PolicyKind::flow}) {
    const Shape shape{17, 6, 100, {64, 48}, {40, 64}, policy};
    std::vector<std::vector<float>> results;
    for (const int members : {1, 2, 3, 7}) {
      Problem p(shape, 4, 1);
      Team team(members);
      const auto backend = make_native_sac(p.state, team);
      for (int i = 0; i < 10; ++i) backend->update(p.batch());
      results.emplace_back(p.state.policy.values().begin(), p.state.policy.values().end());
      results.back().insert(results.back().end(), p.state.critic.values().begin(),
                            p.state.critic.values().end());
      EXPECT_EQ(results.back(), results.front()) << members << " members";
    }
  }
}

TEST(TorchBackend, ADeviceThatIsNotThereIsSaid) {
  Problem p({2, 1, 4, {3}, {3}}, 1, 1);
  const auto none = make_torch_backend(p.state, {.device = "abacus", .mirrored = false});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("abacus"), std::string::npos);
  if (!torch::cuda::is_available()) {
    const auto cuda = make_torch_backend(p.state, {.device = "cuda", .mirrored = false});
    ASSERT_FALSE(cuda);
    EXPECT_NE(cuda.error().message.find("needs a GPU"), std::string::npos) << cuda.error().message;
  }
}

}  // namespace
}  // namespace motet
