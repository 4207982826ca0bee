// Soft actor-critic against exact soft policy iteration, on a problem small enough for both.

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/engine/gaussian_inference.h"
#include "runtime/learning/compute_threads.h"
#include "runtime/learning/learner.h"
#include "soft_policy_iteration.h"

namespace motet {
namespace {

using test::SmallProblem;
using test::SoftPolicyIteration;
using test::states;

std::array<float, states> one_hot(std::size_t s) {
  std::array<float, states> observation{};
  observation[s] = 1;
  return observation;
}

// Actions evenly over (-1, 1) in each state, with outcomes that are spread evenly too: as large a
// sample as is wanted, with little of a sample's noise.
ReplayBuffer experience(const SmallProblem& problem, std::int64_t each) {
  Result<ReplayBuffer> replay = ReplayBuffer::make(each * static_cast<std::int64_t>(states), states, 1);
  for (std::size_t s = 0; s < states; ++s) {
    for (std::int64_t i = 0; i < each; ++i) {
      const double a = 2 * (static_cast<double>(i) + 0.5) / static_cast<double>(each) - 1;
      const double golden = std::fmod(static_cast<double>(i) * 0.6180339887498949, 1.0);
      const bool on = golden < problem.success(a);
      const bool terminated = on && problem.terminates(s);
      const auto observation = one_hot(s), next = one_hot(on && !terminated ? problem.next(s) : s);
      const float action = static_cast<float>(a);
      replay->add({observation, {&action, 1}, static_cast<float>(problem.reward(s, a)), next, terminated});
    }
  }
  return std::move(*replay);
}

// What was learnt, as a mean over the last updates: Adam at a constant rate keeps moving a little.
struct Learnt {
  std::array<std::vector<double>, states> q;  // at `actions`
  std::array<double, states> mean_action{}, log_sigma{};
  double temperature = 0;
};

const std::vector<float> actions = {-0.9f, -0.6f, -0.3f, 0, 0.3f, 0.6f, 0.9f};

void look(Learner& learner, double weight, Learnt& learnt) {
  for (std::size_t s = 0; s < states; ++s) {
    std::vector<float> observations;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      for (const float x : one_hot(s)) observations.push_back(x);
    }
    const std::vector<float> q = learner.q_values(observations, actions);
    learnt.q[s].resize(actions.size());
    for (std::size_t i = 0; i < actions.size(); ++i)
      learnt.q[s][i] += weight * (q[i] + q[actions.size() + i]) / 2;
    GaussianInference policy(learner.policy_shape().sizes(), learner.policy_parameters());
    const std::span<const float> head = policy.head(one_hot(s));
    learnt.mean_action[s] += weight * std::tanh(head[0]);
    learnt.log_sigma[s] += weight * head[1];
  }
  learnt.temperature += weight * learner.temperature(0);
}

Learnt learn(const SmallProblem& problem, const Temperature& temperature, double target_entropy,
             std::uint64_t seed, const std::string& backend = "native") {
  constexpr int updates = 6000, looks = 50, between = 40;
  set_compute_threads(1);
  Team team(1);
  SacSettings settings;
  settings.batch = 128;
  settings.learning_rate = 1e-3;
  settings.discount = problem.discount;
  settings.hidden = {64, 64};
  settings.tau = 0.01;
  settings.temperature = temperature;
  settings.target_entropy = target_entropy;
  const auto made =
      Learner::make({states, 1, {64, 64}}, settings, seed, {.backend = backend, .device = "cpu"}, team);
  Learner& learner = **made;
  const ReplayBuffer replay = experience(problem, 10'000);
  std::vector<std::int64_t> slots(static_cast<std::size_t>(settings.batch));
  Random random(seed, 7);
  Learnt learnt;
  for (int i = 1; i <= updates; ++i) {
    for (std::int64_t& slot : slots)
      slot = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(replay.size())));
    learner.update(replay, slots, i);
    if (i > updates - looks * between && i % between == 0) look(learner, 1.0 / looks, learnt);
  }
  return learnt;
}

void expect_agreement(const Learnt& learnt, const SoftPolicyIteration& exact, std::uint64_t seed) {
  for (std::size_t s = 0; s < states; ++s) {
    for (std::size_t i = 0; i < actions.size(); ++i) {
      EXPECT_NEAR(learnt.q[s][i], exact.q(s, actions[i]), 0.1)
          << "Q of state " << s << " and action " << actions[i] << ", seed " << seed;
    }
    EXPECT_NEAR(learnt.mean_action[s], std::tanh(exact.policy(s).mean), 0.05)
        << "state " << s << ", seed " << seed;
    EXPECT_NEAR(learnt.log_sigma[s], exact.policy(s).log_sigma, 0.15) << "state " << s << ", seed " << seed;
  }
}

TEST(SmallProblem, FixedTemperatureAgreesWithSoftPolicyIteration) {
  const SmallProblem problem;
  SoftPolicyIteration exact(problem, 0.3);
  exact.solve();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    expect_agreement(learn(problem, {.learned = false, .from = 0.3, .to = 0.3, .steps = 0}, 0, seed), exact,
                     seed);
  }
  expect_agreement(learn(problem, {.learned = false, .from = 0.3, .to = 0.3, .steps = 0}, 0, 4, "torch"),
                   exact, 4);
}

// The exact temperature at which the mean entropy over the states is the target.
double temperature_for(const SmallProblem& problem, double target_entropy) {
  double low = 0.01, high = 10;
  for (int i = 0; i < 16; ++i) {
    const double middle = std::sqrt(low * high);
    SoftPolicyIteration exact(problem, middle);
    exact.solve();
    double entropy = 0;
    for (std::size_t s = 0; s < states; ++s) entropy += exact.entropy(s) / states;
    (entropy < target_entropy ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

TEST(SmallProblem, LearntTemperatureIsTheOneOfItsEntropy) {
  const SmallProblem problem;
  const double target_entropy = 0, temperature = temperature_for(problem, target_entropy);
  SoftPolicyIteration exact(problem, temperature);
  exact.solve();
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const Learnt learnt = learn(problem, {.learned = true, .from = 1}, target_entropy, seed);
    EXPECT_NEAR(learnt.temperature / temperature, 1, 0.1) << "seed " << seed;
    expect_agreement(learnt, exact, seed);
  }
}

}  // namespace
}  // namespace motet
