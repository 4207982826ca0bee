#include "runtime/learning/soft_value.h"

#include <algorithm>
#include <cmath>

namespace motet {

SoftValue soft_value(std::span<const float> q, double temperature, double log_volume) {
  const float most = *std::max_element(q.begin(), q.end());
  double total = 0, mean = 0;  // of exp((Q - most) / alpha), and of (Q - most) / alpha under it
  for (const float one : q) {
    const double e = static_cast<double>(one - most) / temperature;
    const double weight = std::exp(e);
    total += weight;
    mean += weight * e;
  }
  const double log_z = std::log(total / static_cast<double>(q.size())) + log_volume;
  return {static_cast<double>(most) + temperature * log_z, log_z - mean / total};
}

}  // namespace motet
