#pragma once

// How far the mean of soft Q-functions can be from what is best for the mean of rewards (Lemma 5, Theorem 3).
// All in nats: times the temperature, rewards.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/engine/perceptron.h"
#include "runtime/instructions/random.h"

namespace motet {

struct BoundProblem {
  std::int64_t observation_size = 0, action_size = 0;
  double discount = 0.99;
  std::vector<double> shares;  // w_i of the parts in e = sum_i w_i e_i; they add up to 1
  // e_i [parts, count] of actions [count, m] at a state.
  std::function<void(std::span<const float> state, std::span<const float> actions, std::span<float> e)>
      energies;
};

// One step; `next_action` is the composed policy's at the next state.
struct BoundStep {
  std::vector<float> state, action, next_state, next_action;
  bool terminated = false;
  bool first = false;     // of an episode
  bool composed = false;  // `action` is the composed policy's, too
};

struct BoundOptions {
  std::int64_t samples = 1024;  // uniform actions in an integral over the actions
  int networks = 3;             // fitted apart, of which the spread is reported
  std::int64_t updates = 2000;
  std::uint64_t seed = 1;
};

// What the parts disagree at a state: d = sum_i w_i log Z_i - log Z, Z_i = int exp(e_i), Z = int exp(sum_i
// w_i e_i). Of two parts that weigh the same it is half the Renyi divergence of order 1/2. Never negative.
struct Disagreement {
  double divergence = 0;
  double error = 0;    // standard error of the estimate
  double entropy = 0;  // of the part with the least, nats an action coordinate
};
Disagreement disagreement(const BoundProblem& problem, std::span<const float> state, std::int64_t samples,
                          Random& random);

struct Estimate {
  double mean = 0, error = 0;  // standard error
};

struct BoundEstimate {
  Estimate divergence;          // along the composed policy, a state
  double median = 0, high = 0;  // of it; `high`: 95 % are below
  double sampling_error = 0;    // mean standard error of one state's divergence
  double entropy = 0;           // of the least random part, along the composed policy
  Estimate c, d;                // C* and D* where the composed policy begins
};

// C* (Eq. 6.4, with the half of its proof) by fitted Q-iteration on all steps, D* (Eq. 6.6) by fitted
// evaluation of the composed policy on its own. At least one step is the first of an episode and composed.
BoundEstimate estimate_bound(const BoundProblem& problem, const std::vector<BoundStep>& steps,
                             const BoundOptions& options);

}  // namespace motet
