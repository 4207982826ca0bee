#pragma once

// Policies whose actions are functions of noise and whose density is known, Gaussian or flow, by the native
// engine: a = f(s, noise), log pi(a|s), and the way back through both.

#include <memory>
#include <vector>

#include "runtime/engine/parameters.h"
#include "runtime/engine/policy_inference.h"

namespace motet {

// Over the action's prior p (Eq. 7.4): uniform on the square, or N(0, I) over a latent. `log_ratio` is
// log pi(a|s) - log p(a), but for the constant of the uniform one.
class NativeDensityPolicy {
 public:
  // What passes through for one batch.
  class Tape {
   public:
    virtual ~Tape() = default;
    virtual Matrix& observation() = 0;  // [B, n]
  };

  virtual ~NativeDensityPolicy() = default;

  virtual std::unique_ptr<Tape> make_tape(long rows, bool gradients) const = 0;
  // Acts by noise ~ N(0, I) [rows, m], dense, where tape.observation() is. action [rows, m] at a stride,
  // log_ratio [rows]: of the first of `rows`.
  virtual void sample(Tape& tape, Rows rows, const float* noise, float* action, long action_row,
                      float* log_ratio) const = 0;
  // After sample(), the way back of sum over rows of [weight_alpha * log_ratio] + (dJ/da) . a.
  // action_gradient [rows, m]: dJ/da, which is not kept.
  virtual void backward(Tape& tape, Rows rows, const float* action, long action_row, float weight_alpha,
                        Matrix& action_gradient) const = 0;

  // The parameters in parts for threads to share: after backward() of all rows, one of them moves on.
  virtual std::size_t parts() const = 0;
  virtual void step(const Tape& tape, std::size_t part, TrainedParameters& parameters) = 0;
  // The parameters have been changed from outside.
  virtual void refresh() = 0;
};

// `parameters` outlive the policy. `part_size`: about how many parameters a part has.
std::unique_ptr<NativeDensityPolicy> make_native_density_policy(const PolicyShape& shape,
                                                                std::span<const float> parameters,
                                                                std::size_t part_size);

}  // namespace motet
