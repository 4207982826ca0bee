#include "runtime/learning/act_benchmark.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "runtime/bundle/untrained.h"
#include "runtime/execution/executor.h"
#include "runtime/kernels/kernels.h"
#include "runtime/policy/density_policy.h"
#include "runtime/policy/flow_policy.h"

namespace motet {
namespace {

using Clock = std::chrono::steady_clock;

// The networks of a policy, in their order.
std::vector<MlpSizes> networks_of(const PolicyShape& policy) {
  if (policy.kind != PolicyKind::flow) return {policy.sizes()};
  std::vector<MlpSizes> networks;
  for (const FlowNetwork& network : policy.flow().networks()) networks.push_back(network.sizes);
  return networks;
}

// A product of each matrix with a vector, and nothing else.
class Products {
 public:
  explicit Products(const std::vector<PolicyShape>& policies) {
    for (const PolicyShape& policy : policies)
      for (const MlpSizes& sizes : networks_of(policy))
        for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
          all_.push_back({Matrix(1, sizes[i]), Matrix(sizes[i] + 1, sizes[i + 1]), Matrix(1, sizes[i + 1])});
          std::fill_n(all_.back().vector.row(0), sizes[i], 1.0f);  // no zeros, which need not be multiplied
        }
  }

  void run() {
    for (One& one : all_)
      kernels().product({.rows = 1,
                         .columns = one.result.columns(),
                         .depth = one.matrix.rows(),
                         .a = one.vector.row(0),
                         .a_row = one.vector.stride(),
                         .a_depth = 1,
                         .b = one.matrix.row(0),
                         .b_row = one.matrix.stride(),
                         .c = one.result.row(0),
                         .c_row = one.result.stride()});
  }

 private:
  struct One {
    Matrix vector, matrix, result;
  };
  std::vector<One> all_;
};

// The same stack by LibTorch, without gradients.
class TorchStack {
 public:
  TorchStack(const std::vector<PolicyShape>& policies, const Bundle& bundle) : policies_(policies) {
    for (std::size_t i = 0; i < policies.size(); ++i) {
      policies_[i].bounded = bundle.contract.layers[i].policy.bounded;
      parameters_.emplace_back(policy_shapes(policies[i]), torch::kFloat);
      const std::span<const float> values = bundle.weights[i].parameters.values();
      std::copy(values.begin(), values.end(), flat<float>(parameters_.back().values()).begin());
    }
  }

  void step(std::span<const float> observation, Random& random, std::span<float> action) {
    const torch::InferenceMode without_gradients;
    const std::int64_t n = policies_.front().observation_size, m = policies_.front().action_size;
    const torch::Tensor seen = torch::from_blob(const_cast<float*>(observation.data()), {1, n});
    torch::Tensor u = torch::from_blob(action.data(), {1, m});
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      const std::span<const torch::Tensor> parameters = parameters_[i].frozen();
      if (policies_[i].kind == PolicyKind::gaussian) {
        u = mlp(seen, parameters).narrow(1, 0, m);
      } else {
        if (i == 0) random.fill_normal(action);
        u = flow_forward(policies_[i].flow(), parameters, seen, u).vector;
      }
      if (policies_[i].bounded) u = u.tanh();
    }
    std::copy_n(u.contiguous().data_ptr<float>(), m, action.begin());
  }

 private:
  std::vector<PolicyShape> policies_;
  std::vector<ParameterBuffer> parameters_;
};

class Stopwatch {
 public:
  explicit Stopwatch(std::int64_t calls) { taken_.reserve(static_cast<std::size_t>(calls)); }

  template <typename Work>
  void time(Work work) {
    const Clock::time_point start = Clock::now();
    work();
    taken_.push_back(std::chrono::duration<float>(Clock::now() - start).count());
  }

  Latency latency() {
    std::sort(taken_.begin(), taken_.end());
    const auto at = [&](double part) {
      return static_cast<double>(
          taken_[static_cast<std::size_t>(part * static_cast<double>(taken_.size() - 1))]);
    };
    return {at(0.5), at(0.99), at(0.999), at(1)};
  }

 private:
  std::vector<float> taken_;  // s
};

}  // namespace

ActSpeed measure_act(const std::string& name, const std::vector<PolicyShape>& policies, std::int64_t calls) {
  constexpr std::int64_t turn = 1000, torch_turns = 10;
  Random random(1);
  const Bundle bundle = untrained_bundle(policies, 1, random);
  std::string error;
  const Result<std::string> bytes = pack(bundle);
  const std::unique_ptr<Executor> executor = bytes ? Executor::from_bytes(*bytes, error) : nullptr;
  if (!executor) {
    std::fprintf(stderr, "the policy to be measured cannot be made: %s\n", error.c_str());
    std::abort();
  }
  TorchStack torch(policies, bundle);
  Products products(policies);

  std::vector<float> observations(static_cast<std::size_t>(turn) * executor->observation_size());
  std::vector<float> action(executor->action_size());
  random.fill_normal(observations);
  const auto observation = [&](std::int64_t i) {
    return std::span<const float>(observations)
        .subspan(static_cast<std::size_t>(i) * executor->observation_size(), executor->observation_size());
  };
  ActSpeed speed{name, calls / turn * turn, {}, {}, {}};
  Stopwatch by_executor(speed.calls), by_torch(speed.calls), by_products(speed.calls);
  for (std::int64_t round = -torch_turns; round < calls / turn; ++round) {
    if (round == 0)
      by_executor = by_torch = by_products = Stopwatch(speed.calls);  // what was before warmed up
    for (std::int64_t i = 0; i < turn; ++i) by_executor.time([&] { executor->step(observation(i), action); });
    for (std::int64_t i = 0; i < turn; ++i) by_products.time([&] { products.run(); });
    if (round % torch_turns != 0) continue;
    for (std::int64_t i = 0; i < turn; ++i)
      by_torch.time([&] { torch.step(observation(i), random, action); });
  }
  speed.executor = by_executor.latency();
  speed.torch = by_torch.latency();
  speed.products = by_products.latency();
  return speed;
}

}  // namespace motet
