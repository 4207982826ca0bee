// Lemma 5 and Theorem 3 on a problem small enough to be exact: the bounds hold, and the estimates are near
// them.

#include "runtime/learning/composition_bound.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace motet {
namespace {

// A point on a line: x <- clip(x + a / 2, -1, 1), reward -(x' - goal)^2 - a^2 / 4, seen in cells.
struct Line {
  static constexpr int cells = 41, actions = 21;
  static constexpr double alpha = 0.3;
  using Table = std::array<std::array<double, actions>, cells>;

  static double x(int s) { return 2.0 * s / (cells - 1) - 1; }
  static double a(int i) { return 2 * (i + 0.5) / actions - 1; }
  static double width() { return 2.0 / actions; }
  static double next(double x, double a) { return std::clamp(x + a / 2, -1.0, 1.0); }
  static int cell(double x) { return static_cast<int>(std::lround((x + 1) / 2 * (cells - 1))); }
  static double reward(double goal, double x, double a) {
    return -(next(x, a) - goal) * (next(x, a) - goal) - a * a / 4;
  }

  // log int exp(Q / alpha).
  static double log_z(const std::array<double, actions>& q) {
    double z = 0;
    for (const double value : q) z += std::exp(value / alpha) * width();
    return std::log(z);
  }
  // Until what is left of the first values is below 1e-12 of them.
  static int sweeps(double discount) { return static_cast<int>(-28 / std::log(discount)); }
  // Soft value iteration.
  static Table best(double discount, const std::function<double(double, double)>& r) {
    Table q{};
    for (int sweep = 0; sweep < sweeps(discount); ++sweep) {
      std::array<double, cells> v{};
      for (int s = 0; s < cells; ++s)
        v[static_cast<std::size_t>(s)] = alpha * log_z(q[static_cast<std::size_t>(s)]);
      each([&](int s, int i, std::size_t u, std::size_t k) {
        q[u][k] = r(x(s), a(i)) + discount * v[static_cast<std::size_t>(cell(next(x(s), a(i))))];
      });
    }
    return q;
  }
  template <typename Do>
  static void each(Do act) {
    for (int s = 0; s < cells; ++s)
      for (int i = 0; i < actions; ++i) act(s, i, static_cast<std::size_t>(s), static_cast<std::size_t>(i));
  }
};

struct Exact {
  Line::Table one, two, sum, best, of_sum, c{}, d{};
  std::array<std::array<double, Line::actions>, Line::cells> policy{};  // of the sum: probabilities

  Exact(double first, double second, double discount) {
    one = Line::best(discount, [&](double x, double a) { return Line::reward(first, x, a); });
    two = Line::best(discount, [&](double x, double a) { return Line::reward(second, x, a); });
    best = Line::best(discount, [&](double x, double a) {
      return (Line::reward(first, x, a) + Line::reward(second, x, a)) / 2;
    });
    Line::each([&](int, int, std::size_t s, std::size_t i) { sum[s][i] = (one[s][i] + two[s][i]) / 2; });
    std::array<double, Line::cells> divergence{};
    for (std::size_t s = 0; s < Line::cells; ++s) {
      divergence[s] = (Line::log_z(one[s]) + Line::log_z(two[s])) / 2 - Line::log_z(sum[s]);
      for (std::size_t i = 0; i < Line::actions; ++i)
        policy[s][i] = std::exp(sum[s][i] / Line::alpha - Line::log_z(sum[s])) * Line::width();
    }
    of_sum = best;
    for (int sweep = 0; sweep < Line::sweeps(discount); ++sweep) {
      const auto value = [&](std::size_t s, const auto& of) {
        double total = 0;
        for (std::size_t i = 0; i < Line::actions; ++i) total += policy[s][i] * of(s, i);
        return total;
      };
      const auto before = of_sum, c_before = c, d_before = d;
      Line::each([&](int s, int i, std::size_t u, std::size_t k) {
        const double x = Line::x(s), a = Line::a(i);
        const auto to = static_cast<std::size_t>(Line::cell(Line::next(x, a)));
        c[u][k] = discount * (divergence[to] + *std::max_element(c_before[to].begin(), c_before[to].end()));
        d[u][k] = discount *
                  value(to, [&](std::size_t t, std::size_t j) { return c_before[t][j] + d_before[t][j]; });
        of_sum[u][k] = (Line::reward(first, x, a) + Line::reward(second, x, a)) / 2 +
                       discount * value(to, [&](std::size_t t, std::size_t j) {
                         return before[t][j] - Line::alpha * std::log(policy[t][j] / Line::width());
                       });
      });
    }
  }
};

constexpr double first_goal = -0.5, second_goal = 0.6;

// How much of an exact bound an estimate may be.
struct Case {
  double discount, least, most;
};

class CompositionBoundAt : public ::testing::TestWithParam<Case> {};

TEST_P(CompositionBoundAt, HoldsExactly) {
  const Exact exact(first_goal, second_goal, GetParam().discount);
  double largest_c = 0, largest_gap = 0;
  Line::each([&](int, int, std::size_t s, std::size_t i) {
    const double c = Line::alpha * exact.c[s][i], d = Line::alpha * exact.d[s][i];
    EXPECT_GE(exact.sum[s][i], exact.best[s][i] - 1e-9);
    EXPECT_GE(exact.best[s][i], exact.sum[s][i] - c - 1e-9);
    EXPECT_GE(exact.of_sum[s][i], exact.best[s][i] - d - 1e-9);
    EXPECT_LE(exact.of_sum[s][i], exact.best[s][i] + 1e-9);
    largest_c = std::max(largest_c, c);
    largest_gap = std::max(largest_gap, exact.sum[s][i] - exact.best[s][i]);
  });
  // Neither side is trivial.
  EXPECT_GT(largest_gap, 0.01);
  EXPECT_LT(largest_gap, largest_c);
}

// A table at an action between its cells.
double at(const std::array<double, Line::actions>& q, double a) {
  const double place = (a + 1) / 2 * Line::actions - 0.5;
  const int low = std::clamp(static_cast<int>(std::floor(place)), 0, Line::actions - 2);
  const double part = std::clamp(place - low, 0.0, 1.0);
  return (1 - part) * q[static_cast<std::size_t>(low)] + part * q[static_cast<std::size_t>(low) + 1];
}

TEST_P(CompositionBoundAt, TheEstimateIsNearTheExactBounds) {
  const double discount = GetParam().discount;
  const Exact exact(first_goal, second_goal, discount);
  BoundProblem problem;
  problem.observation_size = problem.action_size = 1;
  problem.discount = discount;
  problem.shares = {0.5, 0.5};
  problem.energies = [&](std::span<const float> state, std::span<const float> actions, std::span<float> e) {
    const auto s = static_cast<std::size_t>(Line::cell(static_cast<double>(state[0])));
    for (std::size_t j = 0; j < actions.size(); ++j) {
      e[j] = static_cast<float>(at(exact.one[s], static_cast<double>(actions[j])) / Line::alpha);
      e[actions.size() + j] =
          static_cast<float>(at(exact.two[s], static_cast<double>(actions[j])) / Line::alpha);
    }
  };
  Random random(3, 1);
  const auto draw = [&](int s) {
    double u = random.uniform();
    const auto& policy = exact.policy[static_cast<std::size_t>(s)];
    std::size_t i = 0;
    while (i + 1 < policy.size() && u > policy[i]) u -= policy[i++];
    return static_cast<float>(Line::a(static_cast<int>(i)));
  };
  std::vector<BoundStep> steps;
  double c = 0, d = 0, starts = 0;
  for (const bool composed : {true, false}) {
    for (int episode = 0; episode < 60; ++episode) {
      int s = static_cast<int>(random.below(Line::cells));
      float action = draw(s);
      for (int t = 0; t < 25; ++t) {
        if (!composed && random.uniform() < 0.5) action = static_cast<float>(random.uniform(-1, 1));
        const int to = Line::cell(Line::next(Line::x(s), static_cast<double>(action)));
        const float next = draw(to);
        steps.push_back({{static_cast<float>(Line::x(s))},
                         {action},
                         {static_cast<float>(Line::x(to))},
                         {next},
                         false,
                         t == 0,
                         composed});
        if (composed && t == 0) {
          c += at(exact.c[static_cast<std::size_t>(s)], static_cast<double>(action));
          d += at(exact.d[static_cast<std::size_t>(s)], static_cast<double>(action));
          ++starts;
        }
        s = to;
        action = next;
      }
    }
  }
  BoundOptions options;
  options.samples = 512;
  const BoundEstimate estimate = estimate_bound(problem, steps, options);
  for (const auto& [name, ratio] :
       {std::pair{"C*", estimate.c.mean / (c / starts)}, std::pair{"D*", estimate.d.mean / (d / starts)}}) {
    EXPECT_GT(ratio, GetParam().least) << name;
    EXPECT_LT(ratio, GetParam().most) << name;
    RecordProperty(name, std::to_string(ratio));
  }
  EXPECT_GT(estimate.divergence.mean, 0);
}

// With a long horizon what the fit has not seen weighs more, and it leans to the safe side.
INSTANTIATE_TEST_SUITE_P(Discounts, CompositionBoundAt,
                         ::testing::Values(Case{0.8, 0.85, 1.2}, Case{0.99, 0.85, 1.3}),
                         [](const auto& one) { return one.param.discount < 0.9 ? "Short" : "Long"; });

// By quadrature: of Gaussians on the square far from its edges, d = |m_1 - m_2|^2 / (8 sigma^2) a coordinate.
TEST(CompositionBound, TheDivergenceOfGaussiansIsTheClosedForm) {
  constexpr double sigma = 0.12, apart = 0.3;
  BoundProblem problem;
  problem.observation_size = 1;
  problem.action_size = 2;
  problem.shares = {0.5, 0.5};
  problem.energies = [&](std::span<const float>, std::span<const float> actions, std::span<float> e) {
    const std::size_t count = actions.size() / 2;
    for (std::size_t j = 0; j < count; ++j) {
      for (std::size_t part = 0; part < 2; ++part) {
        const double dx = static_cast<double>(actions[2 * j]) - (part == 0 ? -apart / 2 : apart / 2);
        const double dy = static_cast<double>(actions[2 * j + 1]);
        e[part * count + j] = static_cast<float>(-(dx * dx + dy * dy) / (2 * sigma * sigma));
      }
    }
  };
  Random random(1, 1);
  const float state = 0;
  const Disagreement found = disagreement(problem, {&state, 1}, 200'000, random);
  EXPECT_NEAR(found.divergence, apart * apart / (8 * sigma * sigma), 4 * found.error + 1e-3);
  EXPECT_LT(found.error, 0.02);
  EXPECT_NEAR(found.entropy, std::log(sigma * std::sqrt(2 * 3.14159265358979 * 2.718281828459045)), 0.02);
}

}  // namespace
}  // namespace motet
