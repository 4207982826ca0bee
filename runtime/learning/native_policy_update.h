#pragma once

// The way back of a policy's divergence from an energy, KL(pi || exp(e) / Z) (Eq. 3.10): of a sampler by
// amortised SVGD (Eq. 3.11, 3.12), of a policy with a density by its reparameterised sample (Eq. 4.9).

#include <memory>
#include <optional>
#include <vector>

#include "runtime/engine/parameters.h"
#include "runtime/engine/policy_inference.h"
#include "runtime/engine/team.h"
#include "runtime/learning/native_density_policy.h"
#include "runtime/learning/native_energy.h"

namespace motet {

// States in so many chunks that each has about `rows` rows where a state has `rows_a_state`; no fewer than
// keep the team busy.
long chunks_of_states(long states, long rows_a_state, int members);

// Parameters that one task of a team updates: as much as the second cache holds with all that goes with
// them, or less where the team is large.
std::size_t part_size(std::size_t parameters, int members);

struct PolicyUpdateShape {
  PolicyShape policy;
  long batch = 0;      // states
  long particles = 1;  // actions a state; 1 for a policy with a density
  long chunks = 1;     // that the states are worked on in
};

class NativePolicyUpdate {
 public:
  // Everything outlives this object. All memory is taken here.
  NativePolicyUpdate(const PolicyUpdateShape& shape, TrainedParameters& policy, const NativeEnergy& energy,
                     int members);

  // State i of the batch, [n].
  float* state(long i) { return states_.row(i); }
  // For the states [first, last): acts by noise [batch, particles, m], and goes back to the policy's outputs.
  void rows(Rows states, std::span<const float> noise, int member);
  // All states done: one part of the policy's parameters moves on.
  std::size_t parts() const;
  void part(std::size_t task);
  void reload();
  // Null of a sampler.
  const NativeDensityPolicy* density() const { return density_.get(); }

  // Means over the batch: of e, and of -log pi (NaN of a sampler). `loss`: the divergence but for
  // log Z, or of a sampler the root mean square of the Stein direction.
  struct Seen {
    double energy = 0, entropy = 0, loss = 0;
  };
  Seen seen() const;

 private:
  struct Scratch {
    Scratch(const NativePolicyUpdate& of, long rows);

    NativeEnergy::Scratch energy;
    Matrix action, action_gradient;  // [rows, m]
    std::vector<float> score, slope, stein;
  };

  // A network from observation and noise to action.
  struct Sampler {
    Sampler(const PolicyUpdateShape& shape, std::span<const float> parameters, std::size_t part_size)
        : network(shape.policy.sizes(), parameters, true),
          tape(shape.policy.sizes(), shape.batch * shape.particles, true),
          parts(network.parts(part_size)) {}

    Perceptron network;
    Tape tape;  // [batch * particles]
    std::vector<ParameterPart> parts;
  };

  void sampler_rows(Rows states, std::span<const float> noise, Scratch& scratch);
  void density_rows(Rows states, std::span<const float> noise, Scratch& scratch);

  PolicyUpdateShape shape_;
  TrainedParameters& policy_;
  const NativeEnergy& energy_;
  Matrix states_;                   // [batch, n]
  std::optional<Sampler> sampler_;  // or
  std::unique_ptr<NativeDensityPolicy> density_;
  std::unique_ptr<NativeDensityPolicy::Tape> density_tape_;
  std::vector<Scratch> scratch_;
  std::vector<float> e_, second_;  // a row each: the energy; log pi, or the direction's square
};

}  // namespace motet
