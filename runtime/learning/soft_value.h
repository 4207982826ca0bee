#pragma once

#include <cstdint>
#include <numbers>
#include <span>

namespace motet {

// The volume of [-1, 1]^d, the actions that uniform samples are drawn from.
inline double action_log_volume(std::int64_t d) {
  return static_cast<double>(d) * std::numbers::ln2;
}

// From K samples of q = 1 / volume (Eq. 3.8):
//   V = alpha log (1/K sum_j exp(Q_j / alpha) volume), and the entropy of exp((Q - V) / alpha), in nats.
// With samples of a normal prior and a volume of 1: V = alpha log E_p exp(Q / alpha) (Eq. 7.4), and minus
// the divergence from the prior.
struct SoftValue {
  double value, entropy;
};
SoftValue soft_value(std::span<const float> q, double temperature, double log_volume);

}  // namespace motet
