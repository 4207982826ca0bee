#pragma once

// Policies that stand on each other's latents (Alg. 4), for one observation at a time.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/engine/matrix.h"
#include "runtime/engine/policy_inference.h"

namespace motet {

struct StackLayer {
  PolicyShape shape;
  AlignedFloats parameters;
  std::vector<std::int64_t> columns;  // of the observation that all are given, which this policy sees
  std::int64_t hold = 1;              // control steps that its action is kept for
};

// Allocates when made; real-time safe after.
class PolicyStack {
 public:
  explicit PolicyStack(std::vector<StackLayer> layers);  // from the top
  PolicyStack(PolicyStack&&) noexcept;
  ~PolicyStack();

  bool empty() const { return layers_.empty(); }
  // The robot's action [m] in control step `step` since the latent [m] of the top changed. A layer acts anew
  // every `hold` steps. Without layers, the latent itself. `observation` [n]: what all are given.
  void act(std::span<const float> observation, std::span<const float> latent, std::int64_t step,
           std::span<float> action);
  // What layer i made of its latent, the last time that it acted: the latent of layer i + 1.
  std::span<const float> action_of(std::size_t i) const;

 private:
  struct Layer;
  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace motet
