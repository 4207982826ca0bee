// What a robot does against LibTorch, in float64, for whatever can be trained.

#include "runtime/execution/executor.h"

#include <gtest/gtest.h>

#include "runtime/bundle/untrained.h"
#include "runtime/policy/density_policy.h"
#include "runtime/policy/flow_policy.h"

namespace motet {
namespace {

constexpr std::int64_t n = 11, m = 4;

Bundle bundle_of(const std::vector<PolicyShape>& policies, std::int64_t hold = 1) {
  Random random(5);
  Bundle bundle = untrained_bundle(policies, hold, random);
  for (LayerWeights& weights : bundle.weights)
    for (float& value : weights.parameters.values()) value += 0.05f * static_cast<float>(random.normal());
  return bundle;
}

// A policy as LibTorch has it: from the observation and its latent, or with its mean, before tanh.
torch::Tensor by_torch(const PolicyShape& shape, std::span<const float> values,
                       const torch::Tensor& observation, const torch::Tensor& latent, bool mean) {
  const auto shapes = shape.kind == PolicyKind::sampler ? mlp_shapes(shape.sizes()) : policy_shapes(shape);
  ParameterBuffer buffer(shapes, torch::kDouble);
  const std::span<double> into = flat<double>(buffer.values());
  std::copy(values.begin(), values.end(), into.begin());
  const auto parameters = buffer.frozen();
  if (shape.kind == PolicyKind::flow)
    return flow_forward(shape.flow(), parameters, observation, latent).vector;
  if (shape.kind == PolicyKind::sampler)
    return latent + mlp(torch::cat({observation, latent}, 1), parameters);
  const torch::Tensor head = mlp(observation, parameters), mu = head.narrow(1, 0, m);
  if (mean) return mu;
  return mu + head.narrow(1, m, m).clamp(-20, 2).exp() * latent;
}

torch::Tensor row_of(std::span<const float> values) {
  torch::Tensor row = torch::empty({1, static_cast<std::int64_t>(values.size())}, torch::kDouble);
  std::copy(values.begin(), values.end(), row.data_ptr<double>());
  return row;
}

// Steps of the stack by both, the top policy with this latent, or with its mean where there is none.
void compare(const std::vector<PolicyShape>& policies, std::int64_t hold, const std::vector<float>& latent) {
  const Bundle bundle = bundle_of(policies, hold);
  std::string error;
  const auto executor =
      Executor::from_bytes(*pack(bundle), error, {.sample = false, .seed = 1, .latent = latent});
  ASSERT_NE(executor, nullptr) << error;
  Random random(8);
  std::vector<torch::Tensor> held(policies.size());
  for (std::int64_t step = 0; step < 12; ++step) {
    std::vector<float> observation(n), action(m);
    random.fill_normal(observation);
    ASSERT_EQ(executor->step(observation, action), StepStatus::ok);
    torch::Tensor above = latent.empty() ? torch::Tensor() : row_of(latent);
    for (std::size_t i = 0; i < policies.size(); ++i) {
      const LayerContract& layer = bundle.contract.layers[i];
      if (step % layer.hold == 0) {
        held[i] = by_torch(layer.policy, bundle.weights[i].parameters.values(), row_of(observation), above,
                           latent.empty() && i == 0);
        if (layer.policy.bounded) held[i] = held[i].tanh();
      }
      above = held[i];
    }
    for (std::int64_t k = 0; k < m; ++k)
      EXPECT_NEAR(action[static_cast<std::size_t>(k)], above[0][k].item<double>(), 1e-5) << step << " " << k;
  }
}

const PolicyShape gaussian{
    .kind = PolicyKind::gaussian, .observation_size = n, .action_size = m, .hidden = {64, 64}};
const PolicyShape sampler{
    .kind = PolicyKind::sampler, .observation_size = n, .action_size = m, .hidden = {64, 64}};
const PolicyShape flow{.kind = PolicyKind::flow,
                       .observation_size = n,
                       .action_size = m,
                       .hidden = {32, 32},
                       .couplings = 3,
                       .units = 16};
const std::vector<float> some_latent = {0.3f, -1.2f, 0.7f, 0.1f};

TEST(ExecutorAgainstTorch, Gaussian) {
  compare({gaussian}, 1, {});
  compare({gaussian}, 1, some_latent);
}

TEST(ExecutorAgainstTorch, Sampler) {
  compare({sampler}, 1, some_latent);
}

TEST(ExecutorAgainstTorch, Flow) {
  compare({flow}, 1, some_latent);
}

TEST(ExecutorAgainstTorch, LayersThatWereTrainedAsOne) {
  PolicyShape joined = flow;
  joined.below = {{{16}, 2, 8}, {{24, 24}, 1, 8}};
  compare({joined}, 1, some_latent);
}

TEST(ExecutorAgainstTorch, LayersThatHoldTheirActions) {
  compare({flow, flow, flow}, 2, some_latent);
  compare({gaussian, flow}, 3, {});
}

}  // namespace
}  // namespace motet
