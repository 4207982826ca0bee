#pragma once

// Normal deviates by the ziggurat (Marsaglia and Tsang 2000, as revised by Doornik 2005): 256 layers
// of equal area cover the half of the density exp(-x^2 / 2); a point in a layer is nearly always
// under the curve, and a layer, a sign and 53 bits of position come from one random number.

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "runtime/instructions/random.h"

namespace motet {

class Ziggurat {
 public:
  Ziggurat() {
    edge_[0] = area / density(tail);
    edge_[1] = tail;
    for (std::size_t i = 2; i < layers; ++i) {
      edge_[i] = std::sqrt(-2 * std::log(area / edge_[i - 1] + density(edge_[i - 1])));
    }
    edge_[layers] = 0;
    for (std::size_t i = 0; i <= layers; ++i) height_[i] = density(edge_[i]);
  }

  double normal(Random& random) const {
    while (true) {
      const std::uint64_t bits = random.next();
      const std::size_t layer = bits & 255;
      const double x = static_cast<double>(bits >> 11) * 0x1p-53 * edge_[layer];
      if (x < edge_[layer + 1]) return with_sign(x, bits);
      if (layer == 0) return with_sign(beyond_tail(random), bits);
      const double y = height_[layer] + random.uniform() * (height_[layer + 1] - height_[layer]);
      if (y < density(x)) return with_sign(x, bits);
    }
  }

 private:
  static constexpr std::size_t layers = 256;
  static constexpr double tail = 3.6541528853610088;      // where the lowest layer ends
  static constexpr double area = 0.00492867323399141175;  // of each layer

  static double density(double x) { return std::exp(-0.5 * x * x); }

  // Bit 8 of the random number is the sign of x > 0. A branch on it would be wrong half of the time.
  static double with_sign(double x, std::uint64_t bits) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) | (bits & 256) << 55);
  }

  // Marsaglia 1964: a normal deviate that is above `tail`.
  static double beyond_tail(Random& random) {
    while (true) {
      const double a = -std::log(1 - random.uniform()) / tail;
      const double b = -std::log(1 - random.uniform());
      if (2 * b > a * a) return tail + a;
    }
  }

  std::array<double, layers + 1> edge_{}, height_{};
};

// Made when it is first asked for.
inline const Ziggurat& ziggurat() {
  static const Ziggurat tables;
  return tables;
}

}  // namespace motet
