#pragma once

// A flow policy for one observation at a time.

#include "runtime/engine/flow.h"
#include "runtime/engine/policy_inference.h"

namespace motet {

// a = tanh(f(h; s)), h ~ N(0, I) (Eq. 7.5); of a layer that stands on another, without the tanh. Allocates
// when made; real-time safe after.
class FlowInference : public PolicyInference {
 public:
  FlowInference(const PolicyShape& shape, std::span<const float> parameters);

  void act(std::span<const float> observation, std::span<const float> latent,
           std::span<float> action) override;

 private:
  Flow flow_;
  FlowTape tape_;
  bool bounded_;
};

}  // namespace motet
