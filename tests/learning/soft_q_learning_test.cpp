// Soft Q-learning against exact soft value iteration (Theorem 1): on three states, and on the multi-goal
// task with its plane in cells.

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "runtime/learning/compute_threads.h"
#include "runtime/learning/learner.h"
#include "soft_policy_iteration.h"

namespace motet {
namespace {

using test::SmallProblem;
using test::states;

SqlSettings settings_for(double temperature, double discount) {
  SqlSettings settings;
  settings.batch = 128;
  settings.discount = discount;
  settings.hidden = {64, 64};
  settings.target_interval = 50;
  settings.particles = 4;  // what the sampler does has no part in Q
  settings.value_samples = 40;
  settings.temperature = {.learned = false, .from = temperature, .to = temperature, .steps = 0};
  return settings;
}

// --- three states ---

struct SoftValues {
  SoftValues(const SmallProblem& small, double temperature) : problem(small), alpha(temperature) {
    for (double change = 1; change > 1e-10;) {
      change = 0;
      for (std::size_t s = 0; s < states; ++s) {
        constexpr int points = 400;
        double z = 0;
        for (int i = 0; i < points; ++i) z += std::exp(q(s, 2 * (i + 0.5) / points - 1) / alpha) * 2 / points;
        change = std::max(change, std::abs(alpha * std::log(z) - value[s]));
        value[s] = alpha * std::log(z);
      }
    }
  }
  double q(std::size_t s, double a) const {
    const double on = problem.success(a), after = problem.terminates(s) ? 0 : value[problem.next(s)];
    return problem.reward(s, a) + problem.discount * (on * after + (1 - on) * value[s]);
  }
  SmallProblem problem;
  double alpha;
  std::array<double, states> value{};
};

void expect_agreement(const SmallProblem& problem, double temperature, std::uint64_t seed,
                      const std::string& backend, PolicyKind policy = PolicyKind::sampler,
                      std::int64_t critics = 1) {
  const SoftValues exact(problem, temperature);
  Result<ReplayBuffer> replay = ReplayBuffer::make(30'000, states, 1);
  Random random(seed, 7);
  for (std::int64_t i = 0; i < replay->capacity(); ++i) {
    const std::size_t s = random.below(states);
    const auto a = static_cast<float>(random.uniform(-1, 1));
    const bool on = random.uniform() < problem.success(static_cast<double>(a));
    const bool over = on && problem.terminates(s);
    std::array<float, states> observation{}, next{};
    observation[s] = 1;
    next[on && !over ? problem.next(s) : s] = 1;
    replay->add(
        {observation, {&a, 1}, static_cast<float>(problem.reward(s, static_cast<double>(a))), next, over});
  }
  set_compute_threads(1);
  Team team(1);
  SqlSettings settings = settings_for(temperature, problem.discount);
  settings.critics = critics;
  // Those of a policy with a density are weighed by it.
  if (policy != PolicyKind::sampler) settings.value_proposal = "adaptive";
  const auto learner = Learner::make({states, 1, {16, 16}, policy}, settings, seed,
                                     {.backend = backend, .device = "cpu"}, team);
  std::vector<std::int64_t> slots(static_cast<std::size_t>(settings.batch));
  const std::vector<float> actions = {-0.9f, -0.5f, 0, 0.5f, 0.9f};
  std::array<std::vector<double>, states> q;
  constexpr int updates = 6000, looks = 50, between = 40;
  for (int i = 1; i <= updates; ++i) {
    for (std::int64_t& slot : slots) slot = static_cast<std::int64_t>(random.below(30'000));
    (*learner)->update(*replay, slots, i);
    if (i <= updates - looks * between || i % between != 0) continue;
    for (std::size_t s = 0; s < states; ++s) {
      std::vector<float> observations(actions.size() * states);
      for (std::size_t j = 0; j < actions.size(); ++j) observations[j * states + s] = 1;
      const std::vector<float> now = (*learner)->q_values(observations, actions);
      q[s].resize(actions.size());
      for (std::size_t j = 0; j < actions.size(); ++j) q[s][j] += static_cast<double>(now[j]) / looks;
    }
  }
  for (std::size_t s = 0; s < states; ++s) {
    for (std::size_t j = 0; j < actions.size(); ++j)
      EXPECT_NEAR(q[s][j], exact.q(s, static_cast<double>(actions[j])), 0.1)
          << backend << ", temperature " << temperature << ", state " << s << ", action " << actions[j];
  }
}

TEST(SoftQLearning, AgreesWithSoftValueIteration) {
  const SmallProblem problem;
  for (const double temperature : {0.1, 0.5, 2.0})
    for (std::uint64_t seed = 1; seed <= 2; ++seed) expect_agreement(problem, temperature, seed, "native");
  expect_agreement(problem, 0.5, 3, "torch");
}

TEST(SoftQLearning, AgreesWithSoftValueIterationByActionsOfThePolicy) {
  const SmallProblem problem;
  for (const double temperature : {0.1, 0.5, 2.0})
    expect_agreement(problem, temperature, 1, "native", PolicyKind::flow);
  expect_agreement(problem, 0.5, 1, "native", PolicyKind::gaussian);
  expect_agreement(problem, 0.5, 2, "torch", PolicyKind::flow);
}

TEST(SoftQLearning, TwoCriticsAgreeWithSoftValueIteration) {
  const SmallProblem problem;
  expect_agreement(problem, 0.5, 1, "native", PolicyKind::sampler, 2);
  expect_agreement(problem, 0.5, 1, "torch", PolicyKind::flow, 2);
}

// --- four goals in the plane ---

struct Plane {
  static constexpr int side = 57, actions = 9;
  static constexpr double reach = 7, discount = 0.9, alpha = 1;
  std::vector<double> value = std::vector<double>(side * side);

  static double coordinate(int i) { return 2 * reach * i / (side - 1) - reach; }
  static double nearest(double x, double y) {
    const auto to = [&](double gx, double gy) { return (x - gx) * (x - gx) + (y - gy) * (y - gy); };
    return std::min({to(5, 0), to(-5, 0), to(0, 5), to(0, -5)});
  }
  struct Step {
    double x, y, reward;
    bool over;
  };
  static Step step(double x, double y, double a, double b) {
    const double nx = std::clamp(x + a, -reach, reach), ny = std::clamp(y + b, -reach, reach);
    const double near = nearest(nx, ny);
    return {nx, ny, 0.1 * (-30 * (a * a + b * b) - near + (near < 1 ? 10 : 0)), near < 1};
  }
  // Between the four cells around.
  double at(double x, double y) const {
    const double i = (x + reach) / (2 * reach) * (side - 1), j = (y + reach) / (2 * reach) * (side - 1);
    const int i0 = std::min(static_cast<int>(i), side - 2), j0 = std::min(static_cast<int>(j), side - 2);
    const double u = i - i0, v = j - j0;
    const auto cell = [&](int p, int q) { return value[static_cast<std::size_t>(p * side + q)]; };
    return (1 - u) * ((1 - v) * cell(i0, j0) + v * cell(i0, j0 + 1)) +
           u * ((1 - v) * cell(i0 + 1, j0) + v * cell(i0 + 1, j0 + 1));
  }
  double q(double x, double y, double a, double b) const {
    const Step next = step(x, y, a, b);
    return next.reward + (next.over ? 0 : discount * at(next.x, next.y));
  }
  void solve() {
    for (double change = 1; change > 1e-4;) {
      change = 0;
      std::vector<double> after(value.size());
      for (int i = 0; i < side; ++i) {
        for (int j = 0; j < side; ++j) {
          double z = 0;
          for (int k = 0; k < actions; ++k)
            for (int l = 0; l < actions; ++l)
              z += std::exp(q(coordinate(i), coordinate(j), 2 * (k + 0.5) / actions - 1,
                              2 * (l + 0.5) / actions - 1) /
                            alpha) *
                   4 / (actions * actions);
          const auto cell = static_cast<std::size_t>(i * side + j);
          after[cell] = alpha * std::log(z);
          change = std::max(change, std::abs(after[cell] - value[cell]));
        }
      }
      value = after;
    }
  }
};

TEST(SoftQLearning, AgreesWithSoftValueIterationOnMultiGoal) {
  Plane plane;
  plane.solve();
  Result<ReplayBuffer> replay = ReplayBuffer::make(100'000, 2, 2);
  Random random(1, 7);
  for (std::int64_t i = 0; i < replay->capacity(); ++i) {
    std::array<float, 2> s{}, a{};
    random.fill_uniform(s, -7, 7);
    random.fill_uniform(a, -1, 1);
    const Plane::Step next = Plane::step(s[0], s[1], a[0], a[1]);
    const std::array<float, 2> to{static_cast<float>(next.x), static_cast<float>(next.y)};
    replay->add({s, a, static_cast<float>(next.reward), to, next.over});
  }
  Team team(1);
  SqlSettings settings = settings_for(Plane::alpha, Plane::discount);
  settings.target_interval = 200;
  settings.value_samples = 32;
  const auto learner = Learner::make({2, 2, {8, 8}, PolicyKind::sampler}, settings, 1, {}, team);
  std::vector<std::int64_t> slots(static_cast<std::size_t>(settings.batch));
  for (int i = 1; i <= 12'000; ++i) {
    for (std::int64_t& slot : slots) slot = static_cast<std::int64_t>(random.below(100'000));
    (*learner)->update(*replay, slots, i);
  }
  // Within the goals' discs an episode is over; what Q would be there nobody asks.
  double squares = 0, mean = 0, variance = 0;
  std::vector<double> exact;
  std::vector<float> observations, actions;
  while (exact.size() < 2000) {
    const double x = random.uniform(-6, 6), y = random.uniform(-6, 6), a = random.uniform(-1, 1),
                 b = random.uniform(-1, 1);
    if (Plane::nearest(x, y) < 1) continue;
    exact.push_back(plane.q(x, y, a, b));
    for (const double one : {x, y}) observations.push_back(static_cast<float>(one));
    for (const double one : {a, b}) actions.push_back(static_cast<float>(one));
  }
  const std::vector<float> learnt = (*learner)->q_values(observations, actions);
  const double count = static_cast<double>(exact.size());
  for (const double q : exact) mean += q / count;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    squares += std::pow(static_cast<double>(learnt[i]) - exact[i], 2) / count;
    variance += std::pow(exact[i] - mean, 2) / count;
  }
  EXPECT_LT(std::sqrt(squares), 0.1 * std::sqrt(variance));
}

}  // namespace
}  // namespace motet
