#pragma once

// A policy for one observation at a time, whatever its kind.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/engine/flow.h"
#include "runtime/engine/perceptron.h"
#include "runtime/instructions/random.h"

namespace motet {

enum class PolicyKind { gaussian, flow, sampler };

struct PolicyShape {
  PolicyKind kind = PolicyKind::gaussian;
  std::int64_t observation_size = 0, action_size = 0;
  std::vector<std::int64_t> hidden;        // of a flow: its embedding's
  std::int64_t couplings = 2, units = 64;  // of a flow
  bool bounded = true;                     // an action in (-1, 1), by tanh; false: a latent of a lower layer
  bool gaussian_prior = false;             // of actions: N(0, I); false: uniform
  std::vector<FlowLayer> below = {};       // of a flow: see FlowShape

  // Gaussian: n -> 2 m, mu and log sigma. Sampler: n + m -> m, observation and noise to action.
  MlpSizes sizes() const;
  FlowShape flow() const { return {observation_size, action_size, hidden, couplings, units, below}; }
  std::int64_t parameters() const;
};

// First values of a policy of any kind. `parameters` [shape.parameters()].
void initialize_policy(const PolicyShape& shape, std::span<float> parameters, Random& random);

// Allocates when made; real-time safe after.
class PolicyInference {
 public:
  virtual ~PolicyInference() = default;

  // The action [m] that the policy makes of noise xi ~ N(0, I) [m], its latent, at the observation [n].
  // `noise` and `action` may be the same memory.
  virtual void act(std::span<const float> observation, std::span<const float> noise,
                   std::span<float> action) = 0;
  // Draws that noise.
  virtual void draw(Random& random, std::span<float> noise) const { random.fill_normal(noise); }
  // action ~ pi(.|s).
  void sample(std::span<const float> observation, Random& random, std::span<float> action) {
    draw(random, action);
    act(observation, action, action);
  }
  // The mean action, or false where the policy has none: then a sample stands for it.
  virtual bool mean(std::span<const float>, std::span<float>) { return false; }
  // As a policy is evaluated: by its mean action, or by a sample.
  void evaluate(std::span<const float> observation, Random& random, std::span<float> action) {
    if (!mean(observation, action)) sample(observation, random, action);
  }
  // From now on a sampler's noise is one of these vectors, [K, m], which outlive their use; where there is
  // none, it is drawn anew. Does nothing to the others.
  virtual void use_noise(std::span<const float>) {}
};

// `parameters` as Perceptron has them; they outlive the policy and may change between calls.
std::unique_ptr<PolicyInference> make_inference(const PolicyShape& shape, std::span<const float> parameters);

}  // namespace motet
