#pragma once

// Adam (Kingma and Ba, 2015) on a network's flat buffer.

#include "runtime/policy/parameter_buffer.h"

namespace motet {

struct AdamOptions {
  double learning_rate = 3e-4;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
};

// m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;
// x <- x - lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
class Adam {
 public:
  // `buffer` outlives the optimiser.
  Adam(ParameterBuffer& buffer, const AdamOptions& options);

  // One step along the buffer's gradient.
  void step();
  std::int64_t steps() const { return steps_; }

  // float32 only.
  void save(Archive& archive, const std::string& name) const;
  Status restore(const Archive& archive, const std::string& name);

 private:
  ParameterBuffer& buffer_;
  AdamOptions options_;
  std::int64_t steps_ = 0;
  torch::Tensor first_, second_;  // m and v, [size]
};

}  // namespace motet
