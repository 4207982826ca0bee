// Networks of LibTorch tensors, in flat buffers.

#include <gtest/gtest.h>

#include <cmath>

#include "differences.h"
#include "runtime/policy/mlp.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

const std::vector<std::int64_t> hidden = {33, 17};

TEST(Networks, MlpByHand) {
  // 2 -> 2 -> 1: h = relu([1 -1; 2 0] x + [0, -5]), y = [3 4] h + 1.
  ParameterBuffer buffer(mlp_shapes({2, 2, 1}), torch::kDouble);
  const std::vector<double> values = {1, 2, -1, 0, 0, -5, 3, 4, 1};
  std::copy(values.begin(), values.end(), flat<double>(buffer.values()).begin());
  const torch::Tensor x = torch::tensor({{4.0, 1.0}, {1.0, 2.0}}, torch::kDouble);
  // (4, 1): h = (3, 3), y = 22. (1, 2): h = (0, 0), y = 1.
  const torch::Tensor y = mlp(x, buffer.parameters());
  EXPECT_TRUE(torch::equal(y, torch::tensor({{22.0}, {1.0}}, torch::kDouble)));
  EXPECT_TRUE(torch::equal(y, mlp(x, buffer.frozen())));
}

TEST(Networks, TwinCriticsAreTwo) {
  Random random(4);
  QFunctions critic(3, 2, hidden, torch::kDouble, random);
  const torch::Tensor q = critic.frozen(test::normal({5, 3}, 1), test::normal({5, 2}, 2));
  EXPECT_EQ(q.sizes(), (std::vector<std::int64_t>{2, 5}));
  EXPECT_FALSE(torch::allclose(q[0], q[1]));
}

}  // namespace
}  // namespace motet
