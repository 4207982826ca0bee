#pragma once

// Noise on actions that explore.

#include <span>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/instructions/random.h"

namespace motet {

// x <- x - theta x + sigma N(0, 1), a coordinate (Uhlenbeck and Ornstein, 1930), one for each world. It goes
// on from one episode to the next.
class OrnsteinUhlenbeckNoise {
 public:
  // `bound`: what an action stays within; infinite of a latent.
  OrnsteinUhlenbeckNoise(double reversion, double scale, float bound, std::size_t size);

  // A step of the coordinates from `first` on, and action <- clip(action + x, -bound, bound). Draws nothing
  // where the scale is 0.
  void add(std::size_t first, Random& random, std::span<float> action);

  void save(Archive& archive, const std::string& name) const;
  Status restore(const Archive& archive, const std::string& name);

 private:
  double reversion_, scale_;
  float bound_;
  std::vector<double> x_;
};

}  // namespace motet
