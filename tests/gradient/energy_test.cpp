// Energies of compositions: values in closed form, gradients against autograd in float64.

#include "runtime/learning/native_energy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/engine/parameters.h"
#include "runtime/policy/mlp.h"

namespace motet {
namespace {

EnergyNode term(std::size_t index, double weight = 1) {
  EnergyNode node;
  node.term = index;
  node.weight = weight;
  return node;
}

EnergyNode node(EnergyNode::Kind kind, std::vector<EnergyNode> children, double weight = 1) {
  EnergyNode made;
  made.kind = kind;
  made.children = std::move(children);
  made.weight = weight;
  return made;
}

TEST(Energy, OfAMeanAndOfASoftMaximum) {
  Energy energy;
  energy.terms.resize(2);
  energy.root = node(EnergyNode::Kind::mean, {term(0, 0.25), term(1, 0.75)});
  const std::array<double, 2> values{2, -4};
  std::array<double, 2> slopes{};
  EXPECT_NEAR(energy_of(energy, values, slopes), 0.25 * 2 - 0.75 * 4, 1e-12);
  EXPECT_NEAR(slopes[1], 0.75, 1e-12);
  energy.root.kind = EnergyNode::Kind::softmax;
  energy.scale = 2;
  const double z = 0.25 * std::exp(2) + 0.75 * std::exp(-4);
  EXPECT_NEAR(energy_of(energy, values, slopes), 2 * std::log(z), 1e-12);
  EXPECT_NEAR(slopes[0], 2 * 0.25 * std::exp(2) / z, 1e-12);
}

// ((Q_1 & Q_2) | 2 Q_3) & Q_1, one of them the smaller of two critics, one that sees a part of the state.
TEST(Energy, ACompositionAgreesWithAutograd) {
  constexpr std::int64_t n = 5, m = 3, rows = 40;
  Energy energy;
  const std::vector<std::vector<std::int64_t>> columns = {{0, 1, 2, 3, 4}, {4, 1}, {0, 1, 2, 3, 4}};
  std::vector<AlignedFloats> parameters;
  std::vector<Perceptron> networks;
  networks.reserve(4);
  for (std::size_t t = 0; t < 3; ++t) {
    EnergyTerm made;
    made.sizes =
        mlp_sizes(static_cast<std::int64_t>(columns[t].size()) + m, std::vector<std::int64_t>{16, 12}, 1);
    made.critics = t == 1 ? 2 : 1;
    made.temperature = 0.3 + 0.2 * static_cast<double>(t);
    made.columns = columns[t];
    energy.terms.push_back(made);
    const auto one = static_cast<std::size_t>(mlp_parameters(made.sizes));
    parameters.emplace_back(made.critics * one);
    for (std::size_t c = 0; c < made.critics; ++c) {
      Random random(7 + t, c);
      initialize_mlp(made.sizes, parameters.back().values().subspan(c * one, one), random);
    }
  }
  for (std::size_t t = 0; t < 3; ++t) {
    const auto one = static_cast<std::size_t>(mlp_parameters(energy.terms[t].sizes));
    for (std::size_t c = 0; c < energy.terms[t].critics; ++c)
      networks.emplace_back(energy.terms[t].sizes,
                            std::as_const(parameters[t]).values().subspan(c * one, one), true);
  }
  energy.root = node(
      EnergyNode::Kind::mean,
      {node(EnergyNode::Kind::softmax,
            {node(EnergyNode::Kind::mean, {term(0, 0.5), term(1, 0.5)}, 1.0 / 3), term(2, 2.0 / 3)}, 0.6),
       term(0, 0.4)});
  energy.scale = 1.5;
  const NativeEnergy native(energy, {&networks[0], &networks[1], &networks[2], &networks[3]}, m);
  NativeEnergy::Scratch scratch(native, rows);
  Random random(1, 1);
  std::vector<float> states(rows * n), actions(rows * m), e(rows);
  random.fill_normal(states);
  random.fill_uniform(actions, -1, 1);
  Matrix gradient(rows, m);
  for (long r = 0; r < rows; ++r) {
    native.set_state(scratch, r, states.data() + r * n);
    native.set_action(scratch, r, actions.data() + r * m);
  }
  native.evaluate(scratch, rows, e.data(), &gradient);

  const torch::Tensor s = torch::from_blob(states.data(), {rows, n}, torch::kFloat).to(torch::kDouble);
  const torch::Tensor a =
      torch::from_blob(actions.data(), {rows, m}, torch::kFloat).to(torch::kDouble).requires_grad_();
  std::vector<torch::Tensor> terms;
  for (std::size_t t = 0; t < 3; ++t) {
    const torch::Tensor seen = s.index_select(1, torch::tensor(columns[t], torch::kLong));
    const auto one = static_cast<std::int64_t>(parameters[t].values().size() / energy.terms[t].critics);
    torch::Tensor q;
    for (std::int64_t c = 0; c < static_cast<std::int64_t>(energy.terms[t].critics); ++c) {
      const torch::Tensor values =
          torch::from_blob(parameters[t].values().data() + c * one, {one}, torch::kFloat).to(torch::kDouble);
      const ParameterBuffer buffer(mlp_shapes(energy.terms[t].sizes), values, torch::zeros_like(values));
      const torch::Tensor critic = mlp(torch::cat({seen, a}, 1), buffer.frozen()).squeeze(1);
      q = c == 0 ? critic : torch::minimum(q, critic);
    }
    terms.push_back(q / energy.terms[t].temperature);
  }
  const torch::Tensor mean = 0.5 * terms[0] + 0.5 * terms[1];
  const torch::Tensor either = torch::log(mean.exp() / 3 + 2 * terms[2].exp() / 3);
  const torch::Tensor expected = 1.5 * (0.6 * either + 0.4 * terms[0]);
  const torch::Tensor slope = torch::autograd::grad({expected.sum()}, {a})[0];
  for (long r = 0; r < rows; ++r) {
    EXPECT_NEAR(e[static_cast<std::size_t>(r)], expected[r].item<double>(), 1e-5);
    for (long k = 0; k < m; ++k) EXPECT_NEAR(gradient(r, k), slope[r][k].item<double>(), 1e-5);
  }
}

}  // namespace
}  // namespace motet
