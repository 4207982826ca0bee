// Networks in flat buffers: forward passes, Adam, target averages, inference without LibTorch.

#include <gtest/gtest.h>

#include <cmath>

#include "differences.h"
#include "runtime/policy/adam.h"
#include "runtime/policy/gaussian_actor.h"
#include "runtime/policy/gaussian_policy.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

const std::vector<std::int64_t> hidden = {33, 17};

TEST(Networks, MlpByHand) {
  // 2 -> 2 -> 1: h = relu([1 -1; 2 0] x + [0, -5]), y = [3 4] h + 1.
  ParameterBuffer buffer(mlp_shapes({2, 2, 1}), torch::kDouble);
  const std::vector<double> values = {1, -1, 2, 0, 0, -5, 3, 4, 1};
  std::copy(values.begin(), values.end(), flat<double>(buffer.values()).begin());
  const torch::Tensor x = torch::tensor({{4.0, 1.0}, {1.0, 2.0}}, torch::kDouble);
  // (4, 1): h = (3, 3), y = 22. (1, 2): h = (0, 0), y = 1.
  const torch::Tensor y = mlp(x, buffer.parameters());
  EXPECT_TRUE(torch::equal(y, torch::tensor({{22.0}, {1.0}}, torch::kDouble)));
  EXPECT_TRUE(torch::equal(y, mlp(x, buffer.frozen())));
}

TEST(Networks, FirstValuesLieWithinTheBound) {
  Random random(3);
  GaussianPolicy policy(100, 4, hidden, torch::kFloat, random);
  const torch::Tensor first = policy.buffer().parameters()[0].detach();
  EXPECT_LE(first.abs().max().item<double>(), 0.1);  // 1 / sqrt(100)
  EXPECT_GT(first.abs().max().item<double>(), 0.095);
  EXPECT_NEAR(first.mean().item<double>(), 0, 0.005);
  Random same(3);
  GaussianPolicy again(100, 4, hidden, torch::kFloat, same);
  EXPECT_TRUE(torch::equal(policy.buffer().values(), again.buffer().values()));
}

TEST(Networks, TwinCriticsAreTwo) {
  Random random(4);
  TwinQFunction critic(3, 2, hidden, torch::kDouble, random);
  const torch::Tensor q = critic.frozen(test::normal({5, 3}, 1), test::normal({5, 2}, 2));
  EXPECT_EQ(q.sizes(), (std::vector<std::int64_t>{2, 5}));
  EXPECT_FALSE(torch::allclose(q[0], q[1]));
}

TEST(Networks, AdamAgainstTheFormula) {
  ParameterBuffer buffer(std::vector<ParameterBuffer::Shape>{{37}}, torch::kDouble);
  buffer.values().copy_(test::normal({37}, 1));
  const AdamOptions options{.learning_rate = 0.01};
  Adam adam(buffer, options);
  torch::Tensor x = buffer.values().clone(), m = torch::zeros({37}, torch::kDouble), v = m.clone();
  for (int t = 1; t <= 5; ++t) {
    const torch::Tensor g = test::normal({37}, 10 + static_cast<std::uint64_t>(t));
    buffer.gradient().copy_(g);
    adam.step();
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    x = x - 0.01 * (m / (1 - std::pow(0.9, t))) / (torch::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
    EXPECT_TRUE(torch::allclose(buffer.values(), x, 1e-13, 1e-15)) << "step " << t;
  }
}

TEST(Networks, TargetsMoveByTau) {
  Random random(5);
  TwinQFunction critic(3, 2, hidden, torch::kDouble, random), target(3, 2, hidden, torch::kDouble, random);
  const torch::Tensor expected = 0.005 * critic.buffer().values() + 0.995 * target.buffer().values();
  update_target(target.buffer(), critic.buffer(), 0.005);
  EXPECT_TRUE(torch::allclose(target.buffer().values(), expected, 1e-14, 1e-16));
  update_target(target.buffer(), critic.buffer(), 1);
  EXPECT_TRUE(torch::equal(target.buffer().values(), critic.buffer().values()));
}

TEST(Networks, InferenceIsThePolicy) {
  for (const std::vector<std::int64_t>& widths : {std::vector<std::int64_t>{64, 64}, hidden, {}}) {
    Random random(6);
    GaussianPolicy policy(19, 3, widths, torch::kFloat, random);
    GaussianInference inference(policy.sizes(), flat<float>(policy.buffer().values()));
    const torch::Tensor observation = test::normal({1, 19}, 7).to(torch::kFloat);
    torch::NoGradGuard no_gradient;
    const GaussianHead head = policy.head(observation);
    const std::span<const float> outputs = inference.head(flat<float>(observation));
    for (std::int64_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(outputs[static_cast<std::size_t>(i)], head.mean[0][i].item<float>(), 2e-6);
      EXPECT_NEAR(outputs[static_cast<std::size_t>(3 + i)], head.log_sigma[0][i].item<float>(), 2e-6);
    }
    float action[3] = {};
    inference.mean(flat<float>(observation), action);
    EXPECT_NEAR(action[1], std::tanh(head.mean[0][1].item<float>()), 2e-6);

    Random noise_of_one(8), noise_of_other(8);
    float noise[3] = {};
    noise_of_other.fill_normal(noise);
    inference.sample(flat<float>(observation), noise_of_one, action);
    const PolicySample sample = tanh_gaussian_sample(head, torch::from_blob(noise, {1, 3}));
    EXPECT_NEAR(action[2], sample.action[0][2].item<float>(), 2e-6);
  }
}

TEST(Networks, SavedAndRestored) {
  Random random(9);
  TwinQFunction one(3, 2, hidden, torch::kFloat, random), other(3, 2, hidden, torch::kFloat, random);
  Adam first(one.buffer(), {}), second(other.buffer(), {});
  one.buffer().gradient().fill_(0.5);
  first.step();
  Archive archive;
  one.buffer().save(archive, "critic");
  first.save(archive, "adam");
  ASSERT_TRUE(other.buffer().restore(archive, "critic"));
  ASSERT_TRUE(second.restore(archive, "adam"));
  other.buffer().gradient().fill_(0.25);
  one.buffer().gradient().fill_(0.25);
  first.step();
  second.step();
  EXPECT_TRUE(torch::equal(one.buffer().values(), other.buffer().values()));
  TwinQFunction larger(4, 2, hidden, torch::kFloat, random);
  EXPECT_FALSE(larger.buffer().restore(archive, "critic"));
}

TEST(Networks, NotANumberIsSeen) {
  Random random(10);
  TwinQFunction critic(3, 2, hidden, torch::kFloat, random);
  EXPECT_TRUE(critic.buffer().finite());
  flat<float>(critic.buffer().values())[17] = NAN;
  EXPECT_FALSE(critic.buffer().finite());
  flat<float>(critic.buffer().values())[17] = -INFINITY;
  EXPECT_FALSE(critic.buffer().finite());
}

}  // namespace
}  // namespace motet
