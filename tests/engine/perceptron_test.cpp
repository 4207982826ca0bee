// Networks of the engine: forward by hand, gradients against central differences of the same network in
// double precision, in parts and by rows as a team computes them.

#include "runtime/engine/perceptron.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "runtime/engine/gaussian_inference.h"
#include "runtime/engine/parameters.h"

namespace motet {
namespace {

// sum over rows of weight . network(input), in double precision.
double exact_sum(const MlpSizes& sizes, const std::vector<double>& parameters, const Matrix& input,
                 const Matrix& weight) {
  double sum = 0;
  for (long row = 0; row < input.rows(); ++row) {
    std::vector<double> x(input.row(row), input.row(row) + sizes[0]);
    const double* w = parameters.data();
    for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
      const auto in = static_cast<std::size_t>(sizes[l]), out = static_cast<std::size_t>(sizes[l + 1]);
      std::vector<double> y(w + in * out, w + (in + 1) * out);
      for (std::size_t i = 0; i < in; ++i) {
        for (std::size_t j = 0; j < out; ++j) y[j] += x[i] * w[i * out + j];
      }
      if (l + 2 < sizes.size()) {
        for (double& value : y) value = std::max(value, 0.0);
      }
      x = y;
      w += (in + 1) * out;
    }
    for (std::size_t j = 0; j < x.size(); ++j) sum += x[j] * double{weight(row, static_cast<long>(j))};
  }
  return sum;
}

struct Network {
  Network(const MlpSizes& all_sizes, long rows, std::uint64_t seed)
      : random(seed), sizes(all_sizes), parameters(mlp_parameters(sizes), {}), tape(sizes, rows, true) {
    initialize_mlp(sizes, parameters.values(), random);
    perceptron.emplace(sizes, parameters.values(), true);
    for (long i = 0; i < rows; ++i) {
      random.fill_normal({tape.input().row(i), static_cast<std::size_t>(sizes.front())});
      random.fill_normal({tape.output_gradient().row(i), static_cast<std::size_t>(sizes.back())});
    }
  }
  std::vector<double> exact_parameters() { return {parameters.values().begin(), parameters.values().end()}; }

  Random random;
  MlpSizes sizes;
  TrainedParameters parameters;
  Tape tape;
  std::optional<Perceptron> perceptron;
};

TEST(PerceptronTest, ByHand) {
  // 2 -> 2 -> 1: h = relu([1 -1; 2 0] x + [0, -5]), y = [3 4] h + 1.
  const std::vector<float> values = {1, 2, -1, 0, 0, -5, 3, 4, 1};
  AlignedFloats parameters(values.size());
  std::copy(values.begin(), values.end(), parameters.values().begin());
  const Perceptron network({2, 2, 1}, parameters.values(), false);
  Tape tape({2, 2, 1}, 2, false);
  tape.input()(0, 0) = 4, tape.input()(0, 1) = 1, tape.input()(1, 0) = 1, tape.input()(1, 1) = 2;
  network.forward(tape, {0, 2});
  EXPECT_EQ(tape.output()(0, 0), 22);  // h = (3, 3)
  EXPECT_EQ(tape.output()(1, 0), 1);   // h = (0, 0)
}

TEST(PerceptronTest, GradientsAgainstDifferences) {
  for (const MlpSizes& sizes : {MlpSizes{3, 2}, {3, 1}, {5, 7, 1}, {4, 19, 33, 6}, {2, 40, 3, 17, 1}}) {
    Network n(sizes, 9, 5);
    // As a team would: rows in two halves, parameters in small parts.
    for (const Rows rows : {Rows{0, 4}, Rows{4, 9}}) {
      n.perceptron->forward(n.tape, rows);
      n.perceptron->backward(n.tape, rows);
    }
    for (const ParameterPart& part : n.perceptron->parts(20))
      n.perceptron->parameter_gradient(n.tape, part, n.parameters.gradient());
    Matrix by_input(9, sizes[0] - 1);
    n.perceptron->input_gradient(n.tape, 1, by_input, {0, 9});

    constexpr double h = 1e-6;
    std::vector<double> values = n.exact_parameters();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double value = values[i];
      values[i] = value + h;
      const double above = exact_sum(sizes, values, n.tape.input(), n.tape.output_gradient());
      values[i] = value - h;
      const double below = exact_sum(sizes, values, n.tape.input(), n.tape.output_gradient());
      values[i] = value;
      EXPECT_NEAR(n.parameters.gradient()[i], (above - below) / (2 * h), 2e-5) << "parameter " << i;
    }
    constexpr float step = 1.0f / 4096;
    for (long i = 0; i < 9; ++i) {
      for (long j = 1; j < sizes[0]; ++j) {
        float& x = n.tape.input()(i, j);
        const float value = x;
        x = value + step;
        const double above = exact_sum(sizes, values, n.tape.input(), n.tape.output_gradient()), high = x;
        x = value - step;
        const double below = exact_sum(sizes, values, n.tape.input(), n.tape.output_gradient()), low = x;
        x = value;
        EXPECT_NEAR(by_input(i, j - 1), (above - below) / (high - low), 2e-3) << i << ", " << j;
      }
    }
  }
}

TEST(PerceptronTest, PartsAreAllParametersOnce) {
  Network n({23, 64, 64, 1}, 1, 2);
  for (const std::size_t size : {1u, 100u, 1u << 14, 1u << 20}) {
    std::vector<int> seen(n.parameters.values().size());
    for (const ParameterPart& part : n.perceptron->parts(size)) {
      for (std::size_t i = part.offset; i < part.offset + part.size; ++i) ++seen.at(i);
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), std::ssize(seen)) << size;
  }
}

TEST(PerceptronTest, BackwardSeesParametersThatChanged) {
  Network n({3, 5, 4, 1}, 2, 3);
  n.perceptron->forward(n.tape, {0, 2});
  n.perceptron->backward(n.tape, {0, 2});
  const float before = n.tape.gradients[0](1, 2) + n.tape.gradients[0](0, 1);
  for (float& value : n.parameters.values()) value *= 2;
  for (const ParameterPart& part : n.perceptron->parts(3)) n.perceptron->refresh(part);
  n.perceptron->backward(n.tape, {0, 2});
  EXPECT_EQ(n.tape.gradients[0](1, 2) + n.tape.gradients[0](0, 1), 4 * before);  // two layers of weights
}

TEST(ParametersTest, FirstValuesLieWithinTheBound) {
  AlignedFloats values(static_cast<std::size_t>(mlp_parameters({100, 400, 2})));
  Random random(3);
  initialize_mlp({100, 400, 2}, values.values(), random);
  double largest = 0, sum = 0;
  for (const float value : values.values().first(100 * 400)) {
    largest = std::max(largest, std::abs(double{value}));
    sum += double{value};
  }
  EXPECT_LE(largest, 0.1);  // 1 / sqrt(100)
  EXPECT_GT(largest, 0.0999);
  EXPECT_NEAR(sum / 40'000, 0, 0.001);
}

TEST(ParametersTest, SavedAndRestored) {
  TrainedParameters one(50, {}), other(50, {});
  const auto step = [](TrainedParameters& parameters, float gradient) {
    std::fill(parameters.gradient().begin(), parameters.gradient().end(), gradient);
    parameters.begin_step();
    parameters.step(0, 50, {}, 0);
  };
  step(one, 0.5f);
  Archive archive;
  one.save(archive, "critic");
  ASSERT_TRUE(other.restore(archive, "critic"));
  step(one, 0.25f);
  step(other, 0.25f);
  EXPECT_TRUE(std::equal(one.values().begin(), one.values().end(), other.values().begin()));
  EXPECT_FALSE(TrainedParameters(51, {}).restore(archive, "critic"));
}

TEST(ParametersTest, NotANumberIsSeen) {
  TrainedParameters parameters(40, {});
  EXPECT_TRUE(parameters.finite());
  parameters.values()[17] = NAN;
  EXPECT_FALSE(parameters.finite());
  parameters.values()[17] = -INFINITY;
  EXPECT_FALSE(parameters.finite());
}

TEST(GaussianInferenceTest, ActsAsTheNetworkSays) {
  for (const MlpSizes& sizes : {MlpSizes{19, 64, 64, 6}, {19, 33, 17, 6}, {19, 6}}) {
    Network n(sizes, 1, 6);
    n.perceptron->forward(n.tape, {0, 1});
    GaussianInference inference(sizes, n.parameters.values());
    const std::span<const float> observation(n.tape.input().row(0), 19);
    float action[3] = {};
    inference.mean(observation, action);
    for (long i = 0; i < 3; ++i) EXPECT_NEAR(action[i], std::tanh(n.tape.output()(0, i)), 1e-6);
    Random noise(8), same(8);
    float drawn[3] = {};
    same.fill_normal(drawn);
    inference.sample(observation, noise, action);
    for (long i = 0; i < 3; ++i) {
      EXPECT_NEAR(action[i],
                  std::tanh(n.tape.output()(0, i) + std::exp(n.tape.output()(0, 3 + i)) * drawn[i]), 1e-6);
    }
  }
}

}  // namespace
}  // namespace motet
