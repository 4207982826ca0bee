#pragma once

#include <cstdint>
#include <span>

namespace motet {

// From K uniform actions on [-1, 1]^d (Eq. 3.8, q = 2^-d):
//   V = alpha log (1/K sum_j exp(Q_j / alpha) 2^d), and the entropy of exp((Q - V) / alpha), in nats.
struct SoftValue {
  double value, entropy;
};
SoftValue soft_value(std::span<const float> q, double temperature, std::int64_t action_size);

}  // namespace motet
