// Amortised SVGD against densities that are known in closed form: mixtures on the square [-1, 1]^2, with
// and without mass at its edge. Samples are compared with exact ones by a two-sample test, which is
// shown to find the errors that are easily made.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/engine/sampler_inference.h"
#include "runtime/learning/native_policy_update.h"

namespace motet {
namespace {

// exp(f(x)) for piecewise linear f is a mixture of pieces of exponentials, of known mass.
struct Profile {
  std::vector<double> knots, slopes;  // f(-1) = 0; slope i from knot i on; the first knot is -1

  double at(double x) const {
    double value = 0;
    for (std::size_t i = 0; i < knots.size(); ++i) {
      const double end = i + 1 < knots.size() ? std::min(x, knots[i + 1]) : x;
      if (end > knots[i]) value += slopes[i] * (end - knots[i]);
    }
    return value;
  }
};

const Profile two_hills{{-1, -0.5, 0, 0.5}, {8, -8, 8, -8}};
const Profile low_hills{{-1, -0.5, 0, 0.5}, {4, -3, 3, -3}};
const Profile edges{{-1, 0}, {-4, 4}};
const Profile one_edge{{-1}, {3}};
const Profile flat{{-1}, {0}};

using Point = std::array<double, 2>;

// e(a) = f(a_1) + g(a_2) as a critic of one hidden layer, exactly. Its state is one number that counts for
// nothing.
struct ExactCritic {
  ExactCritic(const Profile& f, const Profile& g)
      : sizes{3, static_cast<std::int64_t>(f.knots.size() + g.knots.size()), 1},
        parameters(static_cast<std::size_t>(mlp_parameters(sizes))) {
    const auto units = static_cast<std::size_t>(sizes[1]);
    const std::span<float> w = parameters.values();
    std::size_t unit = 0;
    for (const auto& [profile, input] : {std::pair{&f, 1u}, std::pair{&g, 2u}}) {
      for (std::size_t i = 0; i < profile->knots.size(); ++i, ++unit) {
        w[input * units + unit] = 1;
        w[3 * units + unit] = static_cast<float>(-profile->knots[i]);
        w[4 * units + unit] = static_cast<float>(profile->slopes[i] - (i > 0 ? profile->slopes[i - 1] : 0));
      }
    }
  }
  MlpSizes sizes;
  AlignedFloats parameters;
};

// What the sampler learns.
std::vector<Point> learnt_samples(const Profile& f, const Profile& g, std::uint64_t seed, int count) {
  const ExactCritic exact(f, g);
  Energy energy;
  energy.terms.push_back({.sizes = exact.sizes, .columns = {0}});
  const Perceptron critic(exact.sizes, exact.parameters.values(), true);
  const NativeEnergy native(energy, {&critic}, 2);
  const PolicyShape shape{PolicyKind::sampler, 1, 2, {64, 64}};
  constexpr long batch = 8, particles = 100;  // K = M of the thesis's multi-goal task
  TrainedParameters policy(mlp_parameters(shape.sizes()), {.learning_rate = 1e-3});
  Random random(seed, 1);
  initialize_mlp(shape.sizes(), policy.values(), random);
  Team team(1);
  const long chunks = chunks_of_states(batch, particles, 1);
  NativePolicyUpdate update({shape, batch, particles, chunks}, policy, native, 1);
  std::vector<float> noise(batch * particles * 2);
  for (int i = 0; i < 3000; ++i) {
    random.fill_normal(noise);
    for (long c = 0; c < chunks; ++c) update.rows({batch * c / chunks, batch * (c + 1) / chunks}, noise, 0);
    policy.begin_step();
    for (std::size_t part = 0; part < update.parts(); ++part) update.part(part);
  }
  SamplerInference sampler(shape.sizes(), policy.values());
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) {
    std::array<float, 2> a{};
    const float state = 0;
    sampler.sample({&state, 1}, random, a);
    points.push_back({a[0], a[1]});
  }
  return points;
}

// x of the density exp(f(x) + log |dx/du|^jacobians), by inverting its distribution function on a fine grid.
class ExactCoordinate {
 public:
  explicit ExactCoordinate(const Profile& f, double jacobians = 0) {
    double total = 0;
    for (int i = 0; i < cells; ++i) {
      const double x = 2 * (i + 0.5) / cells - 1;
      total += std::exp(f.at(x) + jacobians * std::log(1 - x * x));
      cumulative_.push_back(total);
    }
  }
  double draw(Random& random) const {
    const double u = random.uniform() * cumulative_.back();
    const auto cell = std::lower_bound(cumulative_.begin(), cumulative_.end(), u) - cumulative_.begin();
    return 2 * (static_cast<double>(cell) + random.uniform()) / cells - 1;
  }

 private:
  static constexpr int cells = 20'000;
  std::vector<double> cumulative_;
};

std::vector<Point> exact_samples(const ExactCoordinate& f, const ExactCoordinate& g, std::uint64_t seed,
                                 int count) {
  Random random(seed, 2);
  std::vector<Point> points;
  for (int i = 0; i < count; ++i) points.push_back({f.draw(random), g.draw(random)});
  return points;
}

// The two-sample chi-square statistic over the cells of a square grid, for samples of equal size, in
// standard deviations from what it is for equal distributions.
double chi_square(const std::vector<Point>& one, const std::vector<Point>& other) {
  constexpr int side = 6;
  std::array<double, side * side> a{}, b{};
  const auto count = [](const std::vector<Point>& points, std::array<double, side * side>& cells) {
    for (const Point& p : points) {
      const auto index = [](double x) {
        return std::clamp(static_cast<int>((x + 1) / 2 * side), 0, side - 1);
      };
      cells[static_cast<std::size_t>(index(p[0]) * side + index(p[1]))] += 1;
    }
  };
  count(one, a);
  count(other, b);
  double sum = 0, cells = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] + b[i] < 1) continue;
    sum += (a[i] - b[i]) * (a[i] - b[i]) / (a[i] + b[i]);
    cells += 1;
  }
  return (sum - (cells - 1)) / std::sqrt(2 * (cells - 1));
}

constexpr int size_of_sample = 500;
constexpr double threshold = 9;

// A density, and others that must not be taken for it: the Jacobian of tanh left out or counted twice where
// there is mass at an edge, a hill missed, one of four times its mass, three times the
// temperature.
struct Density {
  const char* name;
  Profile f, g;
  std::vector<std::pair<ExactCoordinate, ExactCoordinate>> wrong;
};

std::vector<Density> densities() {
  const auto jacobians = [](const Profile& f, const Profile& g, double count) {
    return std::pair{ExactCoordinate(f, count), ExactCoordinate(g, count)};
  };
  const auto pair = [&](const Profile& f, const Profile& g) { return jacobians(f, g, 0); };
  const Profile missed{{-1, -0.5, 0}, {8, -8, 0}}, more{{-1, -0.5, 0, 0.5}, {8, -8, 10.8, -10.8}},
      warm{{-1, -0.5, 0, 0.5}, {2.6, -2.6, 2.6, -2.6}};
  return {{"four hills", two_hills, two_hills, {pair(missed, two_hills), pair(warm, warm), pair(more, more)}},
          {"low hills", low_hills, low_hills, {pair(edges, edges), pair(two_hills, two_hills)}},
          {"mass at the edges",
           edges,
           edges,
           {jacobians(edges, edges, 1), jacobians(edges, edges, -0.9), pair(flat, flat)}},
          {"hills along an edge",
           two_hills,
           one_edge,
           {jacobians(two_hills, one_edge, 1.5), pair(missed, one_edge), pair(two_hills, flat)}},
          {"uniform", flat, flat, {jacobians(flat, flat, 1), jacobians(flat, flat, -0.9)}}};
}

TEST(Sampler, AgreesWithDensitiesInClosedForm) {
  for (const Density& density : densities()) {
    const auto exact =
        exact_samples(ExactCoordinate(density.f), ExactCoordinate(density.g), 5, size_of_sample);
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const auto learnt = learnt_samples(density.f, density.g, seed, size_of_sample);
      const double found = chi_square(learnt, exact);
      EXPECT_LT(found, threshold) << density.name << ", seed " << seed;
    }
  }
}

TEST(Sampler, TheTestHasThePowerToFail) {
  for (const Density& density : densities()) {
    const ExactCoordinate f(density.f), g(density.g);
    std::vector<int> found(density.wrong.size());
    constexpr int seeds = 20;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const auto one = exact_samples(f, g, 10 + seed, size_of_sample),
                 other = exact_samples(f, g, 50 + seed, size_of_sample);
      EXPECT_LT(chi_square(one, other), threshold / 2) << density.name;
      for (std::size_t i = 0; i < density.wrong.size(); ++i) {
        const auto wrong =
            exact_samples(density.wrong[i].first, density.wrong[i].second, 90 + seed, size_of_sample);
        found[i] += chi_square(one, wrong) > threshold;
      }
    }
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_GE(found[i], seeds - 3) << density.name << ", wrong density " << i;
  }
}

}  // namespace
}  // namespace motet
