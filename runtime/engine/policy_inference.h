#pragma once

// A policy for one observation at a time, whatever its kind.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/engine/flow.h"
#include "runtime/engine/perceptron.h"
#include "runtime/execution/random.h"

namespace motet {

enum class PolicyKind { gaussian, flow, sampler };

struct PolicyShape {
  PolicyKind kind = PolicyKind::gaussian;
  std::int64_t observation_size = 0, action_size = 0;
  std::vector<std::int64_t> hidden;  // of a flow: its embedding's
  std::int64_t couplings = 2;        // of a flow
  bool bounded = true;               // an action in (-1, 1), by tanh; false: a latent of a lower layer
  bool gaussian_prior = false;       // of actions: N(0, I); false: uniform

  // Gaussian: n -> 2 m, mu and log sigma. Sampler: n + m -> m, observation and noise to action.
  MlpSizes sizes() const;
  FlowShape flow() const { return {observation_size, action_size, hidden, couplings}; }
  std::int64_t parameters() const;
};

// First values of a policy of any kind. `parameters` [shape.parameters()].
void initialize_policy(const PolicyShape& shape, std::span<float> parameters, Random& random);

// Allocates when made; real-time safe after.
class PolicyInference {
 public:
  virtual ~PolicyInference() = default;

  // action ~ pi(.|s). observation [n], action [m].
  virtual void sample(std::span<const float> observation, Random& random, std::span<float> action) = 0;
  // As a policy is evaluated: a Gaussian one by its mean action, one that has none by a sample.
  virtual void evaluate(std::span<const float> observation, Random& random, std::span<float> action) = 0;
  // From now on a sampler's noise is one of these vectors, [K, m], which outlive their use; where there is
  // none, it is drawn anew. Does nothing to a Gaussian policy.
  virtual void use_noise(std::span<const float>) {}
};

// `parameters` as Perceptron has them; they outlive the policy and may change between calls.
std::unique_ptr<PolicyInference> make_inference(const PolicyShape& shape, std::span<const float> parameters);

}  // namespace motet
