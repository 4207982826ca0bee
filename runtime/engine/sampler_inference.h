#pragma once

// A sampling network (Sec. 3.3) for one observation at a time.

#include "runtime/engine/policy_inference.h"

namespace motet {

// action = tanh(xi + f(s, xi)), xi ~ N(0, I), with f a perceptron with ReLU, [n + m] -> [m]. The noise is
// added so that a new network's actions lie all over the square: particles that begin in one place would
// find one hill of a density only.
class SamplerInference : public PolicyInference {
 public:
  SamplerInference(const MlpSizes& sizes, std::span<const float> parameters);

  void act(std::span<const float> observation, std::span<const float> noise,
           std::span<float> action) override;
  void draw(Random& random, std::span<float> noise) const override;
  void use_noise(std::span<const float> set) override { set_ = set; }

 private:
  Perceptron network_;
  Tape tape_;
  std::span<const float> set_;
};

}  // namespace motet
