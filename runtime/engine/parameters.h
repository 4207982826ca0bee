#pragma once

// A network's parameters in one contiguous buffer, which the passes, the optimiser, every backend and
// the checkpoint see.

#include <cstdint>
#include <string>

#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/engine/matrix.h"
#include "runtime/instructions/random.h"
#include "runtime/kernels/kernels.h"

namespace motet {

// Weights and biases ~ U(-1 / sqrt(in), 1 / sqrt(in)) with `in` the inputs of their layer, in the order
// in which they lie: W [in, out], b [out], layer by layer. `parameters` [mlp_parameters(sizes)].
void initialize_mlp(const std::vector<std::int64_t>& sizes, std::span<float> parameters, Random& random);

struct AdamOptions {
  double learning_rate = 3e-4;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
};

// Parameters that Adam (Kingma and Ba, 2015) moves: m <- beta1 m + (1 - beta1) g,
// v <- beta2 v + (1 - beta2) g^2, x <- x - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
class TrainedParameters {
 public:
  TrainedParameters(std::int64_t size, const AdamOptions& options);

  std::span<float> values() { return values_.values(); }
  std::span<const float> values() const { return values_.values(); }
  std::span<float> gradient() { return gradient_.values(); }
  std::span<float> first() { return first_.values(); }    // m
  std::span<float> second() { return second_.values(); }  // v

  // A step along the gradient: begin_step() once, then step() for every part of the parameters, by any
  // thread. Where `target` is not empty it moves on too: target <- target + tau * (x - target).
  void begin_step();
  const AdamStep& present_step() const { return present_; }
  void step(std::size_t offset, std::size_t size, std::span<float> target, double tau);

  bool finite() const;  // no parameter is infinite or NaN
  void save(Archive& archive, const std::string& name) const;
  Status restore(const Archive& archive, const std::string& name);

 private:
  AdamOptions options_;
  std::int64_t steps_ = 0;
  AdamStep present_{};
  AlignedFloats values_, gradient_, first_, second_;
};

// Parameters that a checkpoint holds as `name`. Their number is compared with the file's before memory is
// taken; they are finite. `where`: the file, for the message.
Result<AlignedFloats> read_parameters(const Archive& archive, const std::string& name, std::int64_t count,
                                      const std::string& where);

// No value is infinite or NaN.
bool all_finite(std::span<const float> values);

}  // namespace motet
