// Every kernel that this machine can run, against the same sums in double precision.

#include "runtime/kernels/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "runtime/engine/matrix.h"
#include "runtime/instructions/random.h"

namespace motet {
namespace {

class EachKernels : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels_ = *GetParam();
  Random random_{1};

  Matrix normal(long rows, long columns) {
    Matrix matrix(rows, columns);
    for (long i = 0; i < rows; ++i) random_.fill_normal({matrix.row(i), static_cast<std::size_t>(columns)});
    return matrix;
  }
};

std::vector<const Kernels*> all() {
  int count = 0;
  const Kernels* const* kernels = all_kernels(count);
  return {kernels, kernels + count};
}

INSTANTIATE_TEST_SUITE_P(Kernels, EachKernels, testing::ValuesIn(all()),
                         [](const auto& instance) { return std::string(instance.param->name); });

TEST(KernelsTest, TheWidestIsChosen) {
  EXPECT_EQ(&kernels(), all().front());
  EXPECT_STREQ(all().back()->name, "generic");
}

// Behind a relu half of a row is zero. Alone, it is multiplied without its zeros; beside another row, with
// them.
TEST_P(EachKernels, ZerosOfARowChangeNothing) {
  for (const auto& [columns, depth] : {std::array{256L, 257L},
                                       {128L, 129L},
                                       {300L, 64L},
                                       {64L, 33L},
                                       {70L, 1024L},
                                       {256L, 1025L},
                                       {256L, 31L},
                                       {1L, 257L},
                                       {600L, 200L}}) {
    for (const double kept : {0.0, 0.1, 0.5, 0.9}) {
      for (const Epilogue epilogue : {Epilogue::none, Epilogue::relu, Epilogue::gate}) {
        SCOPED_TRACE(std::to_string(columns) + " x " + std::to_string(depth) + ", " + std::to_string(kept));
        Matrix a = normal(2, depth);
        const Matrix b = normal(depth, columns), gate = normal(2, columns);
        for (long k = 0; k < depth; ++k)
          if (random_.uniform() >= kept) a(0, k) = 0;
        Matrix alone(1, columns), together(2, columns);
        Product product{.rows = 1,
                        .columns = columns,
                        .depth = depth,
                        .a = a.row(0),
                        .a_row = a.stride(),
                        .a_depth = 1,
                        .b = b.row(0),
                        .b_row = b.stride(),
                        .c = alone.row(0),
                        .c_row = alone.stride(),
                        .epilogue = epilogue,
                        .gate = gate.row(0),
                        .gate_row = gate.stride()};
        kernels_.product(product);
        product.rows = 2;
        product.c = together.row(0);
        product.c_row = together.stride();
        kernels_.product(product);
        for (long j = 0; j < columns; ++j) ASSERT_EQ(alone(0, j), together(0, j)) << j;
      }
    }
  }
}

TEST_P(EachKernels, ProductsOfAllShapes) {
  for (const auto& [rows, columns, depth] : {std::array{1L, 1L, 1L},
                                             {1L, 12L, 257L},
                                             {1L, 48L, 5L},
                                             {1L, 100L, 64L},
                                             {1L, 129L, 3L},
                                             {2L, 17L, 9L},
                                             {13L, 31L, 40L},
                                             {14L, 32L, 7L},
                                             {15L, 33L, 16L},
                                             {29L, 64L, 100L},
                                             {100L, 65L, 30L},
                                             {6L, 16L, 1L}}) {
    for (const bool transposed : {false, true}) {
      for (const Epilogue epilogue : {Epilogue::none, Epilogue::relu, Epilogue::gate}) {
        SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(columns) + " x " + std::to_string(depth));
        const Matrix a = transposed ? normal(depth, rows) : normal(rows, depth), b = normal(depth, columns),
                     gate = normal(rows, columns);
        Matrix c(rows, columns);
        kernels_.product({.rows = rows,
                          .columns = columns,
                          .depth = depth,
                          .a = a.row(0),
                          .a_row = transposed ? 1 : a.stride(),
                          .a_depth = transposed ? a.stride() : 1,
                          .b = b.row(0),
                          .b_row = b.stride(),
                          .c = c.row(0),
                          .c_row = c.stride(),
                          .epilogue = epilogue,
                          .gate = gate.row(0),
                          .gate_row = gate.stride()});
        for (long i = 0; i < rows; ++i) {
          for (long j = 0; j < columns; ++j) {
            double exact = 0, size = 0;
            for (long k = 0; k < depth; ++k) {
              const double term = double{transposed ? a(k, i) : a(i, k)} * double{b(k, j)};
              exact += term;
              size += std::abs(term);
            }
            if (epilogue == Epilogue::relu) exact = std::max(exact, 0.0);
            if (epilogue == Epilogue::gate && gate(i, j) <= 0) exact = 0;
            ASSERT_NEAR(c(i, j), exact, 1e-6 * size + 1e-12) << i << ", " << j;
          }
          ASSERT_EQ(c(i, columns), 1) << "the column of ones is written over";
        }
      }
    }
  }
}

TEST_P(EachKernels, Transposes) {
  for (const auto& [rows, columns] : {std::array{1L, 1L}, {16L, 16L}, {17L, 40L}, {5L, 33L}, {64L, 3L}}) {
    const Matrix from = normal(rows, columns);
    Matrix to(columns, rows);
    kernels_.transpose(rows, columns, from.row(0), from.stride(), to.row(0), to.stride());
    for (long i = 0; i < rows; ++i) {
      for (long j = 0; j < columns; ++j) ASSERT_EQ(to(j, i), from(i, j)) << i << ", " << j;
    }
    for (long j = 0; j < columns; ++j) ASSERT_EQ(to(j, rows), 1);
  }
}

TEST_P(EachKernels, DotProducts) {
  for (const long depth : {1L, 15L, 32L, 65L, 257L}) {
    const Matrix a = normal(7, depth), x = normal(1, depth);
    float y[7] = {};
    kernels_.rows_dot(7, depth, a.row(0), a.stride(), x.row(0), y);
    for (long i = 0; i < 7; ++i) {
      double exact = 0, size = 0;
      for (long k = 0; k < depth; ++k) {
        exact += double{a(i, k)} * double{x(0, k)};
        size += std::abs(double{a(i, k)} * double{x(0, k)});
      }
      EXPECT_NEAR(y[i], exact, 1e-6 * size) << depth;
    }
  }
}

TEST_P(EachKernels, AdamAgainstTheFormula) {
  for (const long size : {1L, 16L, 37L}) {
    for (const bool with_target : {false, true}) {
      Matrix g = normal(1, size), x = normal(1, size), target = normal(1, size), m(1, size), v(1, size);
      std::vector<double> exact_x(x.row(0), x.row(0) + size), exact_m(size), exact_v(size);
      std::vector<double> exact_target(target.row(0), target.row(0) + size);
      for (int t = 1; t <= 5; ++t) {
        g = normal(1, size);
        const AdamStep step{0.9, 0.999, 0.01 / (1 - std::pow(0.9, t)), 1 / std::sqrt(1 - std::pow(0.999, t)),
                            1e-8};
        kernels_.adam(step, size, g.row(0), m.row(0), v.row(0), x.row(0),
                      with_target ? target.row(0) : nullptr, 0.005);
        for (long i = 0; i < size; ++i) {
          const auto at = static_cast<std::size_t>(i);
          const double gradient = g(0, i);
          exact_m[at] = 0.9 * exact_m[at] + 0.1 * gradient;
          exact_v[at] = 0.999 * exact_v[at] + 0.001 * gradient * gradient;
          exact_x[at] -= 0.01 * (exact_m[at] / (1 - std::pow(0.9, t))) /
                         (std::sqrt(exact_v[at] / (1 - std::pow(0.999, t))) + 1e-8);
          if (with_target) exact_target[at] = 0.005 * exact_x[at] + 0.995 * exact_target[at];
          EXPECT_NEAR(x(0, i), exact_x[at], 2e-6) << "step " << t;
          EXPECT_NEAR(target(0, i), exact_target[at], 2e-6) << "step " << t;
        }
      }
    }
  }
}

TEST_P(EachKernels, ATargetWhoseTauIsOneIsACopy) {
  Matrix g = normal(1, 20), x = normal(1, 20), target(1, 20), m(1, 20), v(1, 20);
  kernels_.adam({0.9, 0.999, 0.01, 1, 1e-8}, 20, g.row(0), m.row(0), v.row(0), x.row(0), target.row(0), 1);
  for (long i = 0; i < 20; ++i) EXPECT_EQ(target(0, i), x(0, i));
}

struct Case {
  double mean, log_sigma, noise;
};

// From no noise at all to where tanh is 1 in every digit that a float has.
TEST_P(EachKernels, GaussianSamplesAndTheirGradients) {
  std::vector<Case> cases = {{0, 0, 0},    {1e-4, -18, 1},       {0, -25, 3}, {0, 3, 1},   {12, 1, 2},
                             {-40, 2, -4}, {1e-30, -20, -1e-38}, {88, 2, 4},  {-300, 0, 0}};
  while (cases.size() < 53) cases.push_back({random_.normal(), random_.normal() - 1, random_.normal()});
  for (const long size : {1L, 2L, 17L}) {
    const long rows = (static_cast<long>(cases.size()) + size - 1) / size;
    Matrix head(rows, 2 * size), action(rows, size), by_action = normal(rows, size), gradient(rows, 2 * size);
    std::vector<float> noise(static_cast<std::size_t>(rows * size)), slope(noise.size()),
        spread(noise.size());
    std::vector<float> log_prob(static_cast<std::size_t>(rows));
    const auto case_of = [&](long i, long j) {
      return cases[static_cast<std::size_t>(i * size + j) % cases.size()];
    };
    for (long i = 0; i < rows; ++i) {
      for (long j = 0; j < size; ++j) {
        head(i, j) = static_cast<float>(case_of(i, j).mean);
        head(i, size + j) = static_cast<float>(case_of(i, j).log_sigma);
        noise[static_cast<std::size_t>(i * size + j)] = static_cast<float>(case_of(i, j).noise);
      }
    }
    kernels_.gaussian_sample({rows, size, head.row(0), head.stride(), -20, 2, true, noise.data(),
                              action.row(0), action.stride(), slope.data(), spread.data(), log_prob.data()});
    const double weight_alpha = 0.01;
    kernels_.gaussian_gradient({rows, size, head.row(0), head.stride(), -20, 2, true, action.row(0),
                                action.stride(), slope.data(), spread.data(),
                                static_cast<float>(weight_alpha), by_action.row(0), by_action.stride(),
                                gradient.row(0), gradient.stride()});
    for (long i = 0; i < rows; ++i) {
      double exact_log_prob = 0;
      for (long j = 0; j < size; ++j) {
        SCOPED_TRACE(std::to_string(case_of(i, j).mean) + ", " + std::to_string(case_of(i, j).log_sigma));
        const double raw = head(i, size + j), log_sigma = std::clamp(raw, -20.0, 2.0);
        const double e = noise[static_cast<std::size_t>(i * size + j)];
        const double u = double{head(i, j)} + std::exp(log_sigma) * e, a = std::tanh(u);
        const double log_slope =
            2 * (std::numbers::ln2 - std::abs(u) - std::log1p(std::exp(-2 * std::abs(u))));
        exact_log_prob += -0.5 * e * e - log_sigma - 0.5 * std::log(2 * std::numbers::pi) - log_slope;
        EXPECT_NEAR(action(i, j), a, 3e-7 + 3e-7 * std::abs(u));
        EXPECT_LE(std::abs(action(i, j)), 1);
        const double by_mean = weight_alpha * 2 * a + double{by_action(i, j)} * std::exp(log_slope);
        EXPECT_NEAR(gradient(i, j), by_mean, 1e-6);
        const double by_log_sigma =
            raw < -20 || raw > 2 ? 0 : by_mean * std::exp(log_sigma) * e - weight_alpha;
        EXPECT_NEAR(gradient(i, size + j), by_log_sigma, 1e-6 * (1 + std::abs(by_log_sigma)));
      }
      EXPECT_NEAR(log_prob[static_cast<std::size_t>(i)], exact_log_prob,
                  1e-5 * (1 + std::abs(exact_log_prob)));
    }
  }
}

// y = x exp(s) + t and a = tanh(u) with the logarithms of their slopes, from no change at all to the bound.
TEST_P(EachKernels, CouplingsAndSquashing) {
  for (const long size : {1L, 3L, 17L}) {
    constexpr long rows = 37;
    Matrix raw = normal(rows, 2 * size), x = normal(rows, size), y(rows, size), action(rows, size);
    for (long i = 0; i < rows; ++i)
      raw(i, 0) *= static_cast<float>(std::pow(2.0, static_cast<double>(i) - 18));
    std::vector<float> scale(static_cast<std::size_t>(rows * size)), log_scale(scale.size()),
        slope(scale.size());
    std::vector<float> log_det(static_cast<std::size_t>(rows), 0.5f), squashed(log_det);
    kernels_.coupling({rows, size, raw.row(0), raw.stride(), -4, 1, x.row(0), x.stride(), y.row(0),
                       y.stride(), scale.data(), log_scale.data(), log_det.data()});
    kernels_.squash(
        {rows, size, y.row(0), y.stride(), action.row(0), action.stride(), slope.data(), squashed.data()});
    for (long i = 0; i < rows; ++i) {
      double sum = 0.5, squashed_sum = 0.5;
      for (long j = 0; j < size; ++j) {
        const double bound = raw(i, j) < 0 ? -4 : 1, s = bound * std::tanh(double{raw(i, j)} / bound);
        const double u = double{x(i, j)} * std::exp(s) + double{raw(i, size + j)};
        EXPECT_NEAR(y(i, j), u, 1e-5 * (1 + std::abs(u)));
        EXPECT_NEAR(scale[static_cast<std::size_t>(i * size + j)], std::exp(s), 1e-5 * std::exp(s));
        EXPECT_NEAR(log_scale[static_cast<std::size_t>(i * size + j)], s, 2e-6);
        sum += s;
        const double v = double{y(i, j)};
        EXPECT_NEAR(action(i, j), std::tanh(v), 3e-7 * (1 + std::abs(v)));
        EXPECT_NEAR(slope[static_cast<std::size_t>(i * size + j)], 1 / (std::cosh(v) * std::cosh(v)), 1e-6);
        squashed_sum += 2 * (std::numbers::ln2 - std::abs(v) - std::log1p(std::exp(-2 * std::abs(v))));
      }
      EXPECT_NEAR(log_det[static_cast<std::size_t>(i)], sum, 1e-5 * (1 + std::abs(sum)));
      EXPECT_NEAR(squashed[static_cast<std::size_t>(i)], squashed_sum, 1e-5 * (1 + std::abs(squashed_sum)));
    }
  }
}

// What comes of a row does not depend on how many rows there are: an update does not depend on its threads.
TEST_P(EachKernels, ARowIsTheSameInAnyCompany) {
  constexpr long most = 40, size = 6, depth = 19;
  const Matrix a = normal(most, depth), b = normal(depth, 2 * size), by_action = normal(most, size);
  std::vector<float> noise(most * size);
  random_.fill_normal(noise);
  struct Results {
    Matrix head{most, 2 * size}, gated{most, 2 * size}, action{most, size}, gradient{most, 2 * size};
    Matrix y{most, size}, squashed{most, size};
    std::vector<float> slope, spread, log_prob, scale, log_scale, log_det, flow_slope;
    Results() {
      for (auto* one : {&slope, &spread, &scale, &log_scale, &flow_slope}) one->resize(most * size);
      for (auto* one : {&log_prob, &log_det}) one->resize(most);
    }
  };
  const auto compute = [&](Results& r, long first, long rows) {
    kernels_.product({rows, 2 * size, depth, a.row(first), a.stride(), 1, b.row(0), b.stride(),
                      r.head.row(first), r.head.stride(), Epilogue::none, nullptr, 0});
    kernels_.product({rows, 2 * size, depth, a.row(first), a.stride(), 1, b.row(0), b.stride(),
                      r.gated.row(first), r.gated.stride(), Epilogue::gate, r.head.row(first),
                      r.head.stride()});
    const auto at = static_cast<std::size_t>(first * size);
    kernels_.gaussian_sample({rows, size, r.head.row(first), r.head.stride(), -20, 2, true, noise.data() + at,
                              r.action.row(first), r.action.stride(), r.slope.data() + at,
                              r.spread.data() + at, r.log_prob.data() + first});
    kernels_.gaussian_gradient({rows, size, r.head.row(first), r.head.stride(), -20, 2, true,
                                r.action.row(first), r.action.stride(), r.slope.data() + at,
                                r.spread.data() + at, 0.01f, by_action.row(first), by_action.stride(),
                                r.gradient.row(first), r.gradient.stride()});
    kernels_.coupling({rows, size, r.head.row(first), r.head.stride(), -4, 1, by_action.row(first),
                       by_action.stride(), r.y.row(first), r.y.stride(), r.scale.data() + at,
                       r.log_scale.data() + at, r.log_det.data() + first});
    kernels_.squash({rows, size, r.y.row(first), r.y.stride(), r.squashed.row(first), r.squashed.stride(),
                     r.flow_slope.data() + at, r.log_det.data() + first});
  };
  Results whole;
  compute(whole, 0, most);
  for (long rows = 1; rows <= 20; ++rows) {
    Results parts;
    for (long first = 0; first < most; first += rows) compute(parts, first, std::min(rows, most - first));
    SCOPED_TRACE(std::to_string(rows) + " rows");
    const auto expect_same = [&](const char* name, const Matrix& left, const Matrix& right) {
      for (long i = 0; i < most; ++i)
        for (long j = 0; j < left.columns(); ++j) ASSERT_EQ(left(i, j), right(i, j)) << name << " " << i;
    };
    expect_same("product", parts.head, whole.head);
    expect_same("gated product", parts.gated, whole.gated);
    expect_same("action", parts.action, whole.action);
    expect_same("gradient", parts.gradient, whole.gradient);
    expect_same("coupling", parts.y, whole.y);
    expect_same("squash", parts.squashed, whole.squashed);
    EXPECT_EQ(parts.slope, whole.slope);
    EXPECT_EQ(parts.spread, whole.spread);
    EXPECT_EQ(parts.log_prob, whole.log_prob);
    EXPECT_EQ(parts.scale, whole.scale);
    EXPECT_EQ(parts.log_scale, whole.log_scale);
    EXPECT_EQ(parts.flow_slope, whole.flow_slope);
    EXPECT_EQ(parts.log_det, whole.log_det);
  }
}

}  // namespace
}  // namespace motet
