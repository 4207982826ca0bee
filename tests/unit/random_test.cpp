#include "runtime/instructions/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace motet {
namespace {

constexpr std::size_t count = 1'000'000;

double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

// The largest distance between the samples' distribution and `cdf`, scaled so that it is below 1.95
// with probability 0.999 (Kolmogorov and Smirnov).
double distance(std::vector<double> samples, const std::function<double(double)>& cdf) {
  std::sort(samples.begin(), samples.end());
  const double n = static_cast<double>(samples.size());
  double largest = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double p = cdf(samples[i]);
    largest = std::max({largest, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return largest * std::sqrt(n);
}

// The mean of x^power.
double moment(const std::vector<double>& samples, int power) {
  double sum = 0;
  for (const double x : samples) sum += std::pow(x, power);
  return sum / static_cast<double>(samples.size());
}

template <typename Draw>
std::vector<double> draw(std::size_t n, Draw next) {
  std::vector<double> samples(n);
  for (double& sample : samples) sample = next();
  return samples;
}

// The first numbers of the authors' program from the state 1, 2, 3, 4.
TEST(Random, IsXoshiro256PlusPlus) {
  Random random(0);
  random.restore({1, 2, 3, 4});
  constexpr std::uint64_t expected[] = {41943041ull,
                                        58720359ull,
                                        3588806011781223ull,
                                        3591011842654386ull,
                                        9228616714210784205ull,
                                        9973669472204895162ull,
                                        14011001112246962877ull,
                                        12406186145184390807ull,
                                        15849039046786891736ull,
                                        10450023813501588000ull};
  for (const std::uint64_t each : expected) EXPECT_EQ(random.next(), each);
}

TEST(Random, TheSameSeedAndStreamGiveTheSameNumbers) {
  Random one(5, 3), two(5, 3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(one.next(), two.next());
}

TEST(Random, NeighbouringSeedsAndStreamsAreUnrelated) {
  // The bits in which two generators agree are binomial: mean 32 n, variance 16 n.
  constexpr int n = 10'000;
  const std::pair<Random, Random> pairs[] = {{Random(1), Random(2)},       {Random(0, 0), Random(0, 1)},
                                             {Random(0, 1), Random(1, 0)}, {Random(7, 1), Random(7, 2)},
                                             {Random(1, 1), Random(2, 2)}, {Random(1ull << 63), Random(0)}};
  for (auto [one, two] : pairs) {
    double agree = 0;
    for (int i = 0; i < n; ++i) agree += 64 - __builtin_popcountll(one.next() ^ two.next());
    EXPECT_LT(std::abs(agree - 32.0 * n), 4 * std::sqrt(16.0 * n));
  }
}

TEST(Random, StateIsWhole) {
  Random random(11, 2);
  std::vector<float> scratch(33);
  random.fill_normal(scratch);
  random.normal();
  const Random::State state = random.state();
  std::vector<double> first = draw(100, [&] { return random.normal() + random.uniform(); });
  Random other(0);
  other.restore(state);
  EXPECT_EQ(draw(100, [&] { return other.normal() + other.uniform(); }), first);
  random.restore(state);
  EXPECT_EQ(draw(100, [&] { return random.normal() + random.uniform(); }), first);
}

TEST(Random, UniformIsUniform) {
  Random random(1);
  const std::vector<double> samples = draw(count, [&] { return random.uniform(); });
  EXPECT_GE(*std::min_element(samples.begin(), samples.end()), 0);
  EXPECT_LT(*std::max_element(samples.begin(), samples.end()), 1);
  EXPECT_NEAR(moment(samples, 1), 0.5, 4 * std::sqrt(1.0 / 12 / count));
  EXPECT_NEAR(moment(samples, 2), 1.0 / 3, 4 * std::sqrt(4.0 / 45 / count));
  EXPECT_LT(distance(samples, [](double x) { return x; }), 1.95);
}

TEST(Random, UniformInARange) {
  Random random(2);
  const std::vector<double> samples = draw(count, [&] { return random.uniform(-3, 5); });
  EXPECT_LT(distance(samples, [](double x) { return (x + 3) / 8; }), 1.95);
  EXPECT_EQ(random.uniform(2, 2), 2);
}

void expect_normal(const std::vector<double>& samples) {
  const double n = static_cast<double>(samples.size());
  EXPECT_NEAR(moment(samples, 1), 0, 4 * std::sqrt(1 / n));
  EXPECT_NEAR(moment(samples, 2), 1, 4 * std::sqrt(2 / n));
  EXPECT_NEAR(moment(samples, 3), 0, 4 * std::sqrt(15 / n));
  EXPECT_NEAR(moment(samples, 4), 3, 4 * std::sqrt(96 / n));
  EXPECT_NEAR(moment(samples, 6), 15, 4 * std::sqrt(10170 / n));
  EXPECT_LT(distance(samples, normal_cdf), 1.95);
}

TEST(Random, NormalIsNormal) {
  Random random(3);
  expect_normal(draw(2 * count, [&] { return random.normal(); }));
}

TEST(Random, FillNormalIsNormal) {
  Random random(4);
  std::vector<float> values(2 * count);
  random.fill_normal(values);
  expect_normal({values.begin(), values.end()});
}

// Chi-square over cells that lie closely around the layers of the ziggurat and beyond its tail.
TEST(Random, NormalIsNormalFarFromTheMiddle) {
  Random random(5);
  const std::vector<double> edges = {-4.5, -4,  -3.8, -3.66, -3.6, -3.4, -3.2, -3,  -2.5, -2,
                                     2,    2.5, 3,    3.2,   3.4,  3.6,  3.66, 3.8, 4,    4.5};
  std::vector<double> cells(edges.size() + 1);
  constexpr int n = 20'000'000;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    ++cells[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), x) - edges.begin())];
  }
  double chi_square = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double low = i == 0 ? 0 : normal_cdf(edges[i - 1]);
    const double high = i == edges.size() ? 1 : normal_cdf(edges[i]);
    const double expected = (high - low) * n;
    chi_square += (cells[i] - expected) * (cells[i] - expected) / expected;
  }
  EXPECT_LT(chi_square, 45.3);  // 20 degrees of freedom, probability 0.999
}

TEST(Random, BelowIsFair) {
  Random random(6);
  std::vector<double> cells(10);
  for (std::size_t i = 0; i < count; ++i) ++cells.at(random.below(10));
  double chi_square = 0;
  for (const double cell : cells)
    chi_square += (cell - count / 10.0) * (cell - count / 10.0) / (count / 10.0);
  EXPECT_LT(chi_square, 27.9);  // 9 degrees of freedom, probability 0.999
  EXPECT_EQ(random.below(1), 0u);
}

// A product without refusal would give the lowest third of these half of the draws.
TEST(Random, BelowIsFairForHugeNumbers) {
  Random random(7);
  constexpr std::uint64_t n = 3ull << 62;
  double lowest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t value = random.below(n);
    ASSERT_LT(value, n);
    lowest += value % 3 == 0;
  }
  EXPECT_NEAR(lowest / count, 1.0 / 3, 4 * std::sqrt(2.0 / 9 / count));
}

TEST(Random, FillUniform) {
  Random random(8);
  std::vector<float> values(count);
  random.fill_uniform(values, -1, 3);
  EXPECT_LT(distance({values.begin(), values.end()}, [](double x) { return (x + 1) / 4; }), 1.95);
  EXPECT_GE(*std::min_element(values.begin(), values.end()), -1);
  EXPECT_LE(*std::max_element(values.begin(), values.end()), 3);
}

}  // namespace
}  // namespace motet
