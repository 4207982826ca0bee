// Flows: both ways, their densities, and the native engine's passes against LibTorch's autograd in float64.

#include "runtime/engine/flow.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "runtime/engine/parameters.h"
#include "runtime/policy/flow_policy.h"

namespace motet {
namespace {

// A flow far from the identity, and what passes through it.
struct Problem {
  Problem(const FlowShape& of, long rows, std::uint64_t seed, float spread = 1)
      : shape(of), parameters(static_cast<std::size_t>(of.parameters())), tape(of, rows, true), batch(rows) {
    Random random(seed, 7);
    initialize_flow(shape, parameters.values(), random);
    // The couplings' last layers, too.
    const std::vector<FlowNetwork> networks = shape.networks();
    for (std::size_t k = 0; k < networks.size(); ++k) {
      const auto size = static_cast<std::size_t>(mlp_parameters(networks[k].sizes));
      if (networks[k].embedding != k)
        initialize_mlp(networks[k].sizes, parameters.values().subspan(networks[k].offset, size), random);
    }
    for (float& value : parameters.values()) value *= spread;
    for (long i = 0; i < rows; ++i) {
      random.fill_normal({tape.observation().row(i), static_cast<std::size_t>(shape.observation_size)});
      random.fill_normal({tape.vector.row(i), static_cast<std::size_t>(shape.action_size)});
    }
  }

  torch::Tensor observation() { return rows_of(tape.observation()); }
  torch::Tensor vector() { return rows_of(tape.vector); }
  torch::Tensor rows_of(const Matrix& matrix) const {
    return torch::from_blob(const_cast<float*>(matrix.row(0)), {batch, matrix.columns()},
                            {matrix.stride(), 1}, torch::kFloat)
        .to(torch::kDouble);
  }
  // The parameters in float64.
  ParameterBuffer exact() const {
    ParameterBuffer buffer(flow_shapes(shape), torch::kDouble);
    buffer.values().copy_(torch::from_blob(const_cast<float*>(parameters.values().data()),
                                           {shape.parameters()}, torch::kFloat));
    return buffer;
  }

  FlowShape shape;
  AlignedFloats parameters;
  FlowTape tape;
  long batch;
};

double apart(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

torch::Tensor log_det_of(const Problem& p) {
  return torch::from_blob(const_cast<float*>(p.tape.log_det.data()), {p.batch}, torch::kFloat)
      .to(torch::kDouble);
}

const FlowShape shapes[] = {{3, 1, {8}, 2},
                            {4, 2, {16, 16}, 2},
                            {5, 3, {16}, 3},
                            {17, 6, {32, 32}, 2},
                            {11, 8, {24, 24}, 4},
                            {20, 21, {16, 16}, 2},
                            // Layers that are trained as one.
                            {4, 1, {8}, 2, 16, {{{6, 6}, 1, 5}}},
                            {9, 5, {16, 8}, 3, 16, {{{12}, 2, 20}, {{8, 8}, 1, 7}}}};

std::string name_of(const ::testing::TestParamInfo<FlowShape>& info) {
  const FlowShape& shape = info.param;
  std::string name = std::to_string(shape.action_size) + "of" + std::to_string(shape.observation_size) +
                     "by" + std::to_string(shape.couplings);
  for (const FlowLayer& layer : shape.below) name += "and" + std::to_string(layer.couplings);
  return name;
}

class EachFlow : public ::testing::TestWithParam<FlowShape> {};

TEST_P(EachFlow, BeginsAsTheIdentity) {
  Problem p(GetParam(), 9, 1);
  Random random(3);
  initialize_flow(p.shape, p.parameters.values(), random);
  const torch::Tensor before = p.vector().clone();
  Flow(p.shape, p.parameters.values(), true).forward(p.tape, {0, 9});
  EXPECT_EQ(apart(p.vector(), before), 0);
  EXPECT_EQ(log_det_of(p).abs().max().item<double>(), 0);
}

TEST_P(EachFlow, IsInverted) {
  Problem p(GetParam(), 70, 2);
  const Flow flow(p.shape, p.parameters.values(), true);
  const torch::Tensor h = p.vector().clone();
  flow.forward(p.tape, {0, 70});
  const torch::Tensor u = p.vector().clone(), log_det = log_det_of(p);
  EXPECT_GT(apart(u, h), 0.1) << "far from the identity";
  flow.inverse(p.tape, {0, 70});
  EXPECT_LT(apart(p.vector(), h), 1e-5);
  EXPECT_LT(apart(log_det_of(p), log_det), 1e-5);
  flow.forward(p.tape, {0, 70});
  EXPECT_LT(apart(p.vector(), u), 1e-5);
}

TEST_P(EachFlow, IsInvertedThroughThreeLayers) {
  std::vector<Problem> layers;
  std::vector<Flow> flows;
  for (std::uint64_t i = 0; i < 3; ++i) layers.emplace_back(GetParam(), 30, 10 + i);
  for (const Problem& layer : layers) flows.emplace_back(layer.shape, layer.parameters.values(), false);
  const auto hand_on = [&](const Problem& from, Problem& to) {
    for (long i = 0; i < 30; ++i)
      std::copy_n(from.tape.vector.row(i), from.shape.action_size, to.tape.vector.row(i));
  };
  const torch::Tensor h = layers[0].vector().clone();
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) hand_on(layers[i - 1], layers[i]);
    flows[i].forward(layers[i].tape, {0, 30});
  }
  for (std::size_t i = 3; i-- > 0;) {
    if (i < 2) hand_on(layers[i + 1], layers[i]);
    flows[i].inverse(layers[i].tape, {0, 30});
  }
  EXPECT_LT(apart(layers[0].vector(), h), 1e-5);
}

TEST_P(EachFlow, IsThatOfLibTorch) {
  Problem p(GetParam(), 50, 4);
  const ParameterBuffer exact = p.exact();
  const FlowResult expected = flow_forward(p.shape, exact.frozen(), p.observation(), p.vector());
  Flow(p.shape, p.parameters.values(), true).forward(p.tape, {0, 50});
  EXPECT_LT(apart(p.vector(), expected.vector), 2e-5);
  EXPECT_LT(apart(log_det_of(p), expected.log_det), 2e-5);
  const FlowResult back = flow_inverse(p.shape, exact.frozen(), p.observation(), expected.vector);
  EXPECT_LT(
      apart(flow_forward(p.shape, exact.frozen(), p.observation(), back.vector).vector, expected.vector),
      1e-10);
}

// log |det du/dh| against the determinant of the whole Jacobian, column by column from autograd.
TEST_P(EachFlow, HasTheDeterminantOfItsJacobian) {
  Problem p(GetParam(), 5, 5);
  const ParameterBuffer exact = p.exact();
  torch::Tensor h = p.vector().clone().requires_grad_(true);
  const FlowResult result = flow_forward(p.shape, exact.frozen(), p.observation(), h);
  std::vector<torch::Tensor> rows;
  for (std::int64_t c = 0; c < p.shape.action_size; ++c)
    rows.push_back(torch::autograd::grad({result.vector.select(1, c).sum()}, {h}, {}, true)[0]);
  const torch::Tensor jacobian = torch::stack(rows, 1);  // [B, out, in]
  const torch::Tensor log_det = std::get<1>(torch::slogdet(jacobian));
  EXPECT_LT(apart(log_det, result.log_det), 1e-9);
  Flow(p.shape, p.parameters.values(), true).forward(p.tape, {0, 5});
  EXPECT_LT(apart(log_det_of(p), log_det), 2e-5);
}

// J = sum_i w_i . u_i + c sum_i log_det_i: its gradient by parameters and by h.
TEST_P(EachFlow, GoesBackAsAutogradDoes) {
  constexpr long rows = 40;
  constexpr float of_log_det = -0.7f;
  Problem p(GetParam(), rows, 6);
  ParameterBuffer exact = p.exact();
  torch::Tensor h = p.vector().clone().requires_grad_(true);
  Random random(8);
  for (long i = 0; i < rows; ++i)
    random.fill_normal({p.tape.gradient.row(i), static_cast<std::size_t>(p.shape.action_size)});
  const torch::Tensor weights = p.rows_of(p.tape.gradient).clone();
  const FlowResult result = flow_forward(p.shape, exact.parameters(), p.observation(), h);
  ((result.vector * weights).sum() + static_cast<double>(of_log_det) * result.log_det.sum()).backward();

  const Flow flow(p.shape, p.parameters.values(), true);
  for (const Rows part : {Rows{0, 13}, Rows{13, rows}}) {
    flow.forward(p.tape, part);
    flow.backward(p.tape, of_log_det, part);
  }
  AlignedFloats gradient(p.parameters.values().size());
  std::size_t covered = 0;
  for (const Flow::Part& part : flow.parts(97)) {
    flow.parameter_gradient(p.tape, part, gradient.values());
    covered += part.part.size;
  }
  EXPECT_EQ(covered, gradient.values().size());
  const torch::Tensor native =
      torch::from_blob(gradient.values().data(), {p.shape.parameters()}, torch::kFloat).to(torch::kDouble);
  const double size = exact.gradient().abs().max().item<double>();
  EXPECT_LT(apart(native, exact.gradient()) / size, 2e-5);
  EXPECT_LT(apart(p.rows_of(p.tape.gradient), h.grad()) / h.grad().abs().max().item<double>(), 2e-5);
}

INSTANTIATE_TEST_SUITE_P(Shapes, EachFlow, ::testing::ValuesIn(shapes), name_of);

// The density of u on a fine grid of the plane, through an h that is normal.
TEST(FlowDensity, IntegratesToOne) {
  const FlowShape shape{3, 2, {16}, 3, 16};
  Problem p(shape, 1, 11, 1.5f);
  const ParameterBuffer exact = p.exact();
  constexpr std::int64_t cells = 800;
  constexpr double reach = 14;
  const torch::Tensor line = (torch::arange(cells, torch::kDouble) + 0.5) * (2 * reach / cells) - reach;
  const auto mesh = torch::meshgrid({line, line}, "ij");
  const torch::Tensor u = torch::stack({mesh[0].flatten(), mesh[1].flatten()}, 1);
  const torch::Tensor observation = p.observation().expand({u.size(0), shape.observation_size});
  const torch::Tensor log_prob = flow_log_prob(shape, exact.frozen(), observation, u);
  const double cell = 2 * reach / cells;
  EXPECT_NEAR(log_prob.exp().sum().item<double>() * cell * cell, 1, 1e-3);
  EXPECT_GT(log_prob.max().item<double>(), -std::log(2 * std::numbers::pi) + 0.1) << "not the prior itself";
}

// A log-scale beyond its bound would be exp(100).
TEST(FlowDensity, LogScalesStayWithinTheirBound) {
  const FlowShape shape{3, 4, {16}, 2};
  Problem p(shape, 20, 12, 40.0f);
  const Flow flow(shape, p.parameters.values(), true);
  flow.forward(p.tape, {0, 20});
  for (const float log_det : p.tape.log_det) {
    EXPECT_LE(log_det, 4 * most_log_scale);
    EXPECT_GE(log_det, 4 * least_log_scale);
  }
  EXPECT_TRUE(std::isfinite(p.vector().abs().max().item<double>()));
}

}  // namespace
}  // namespace motet
