#pragma once

// What is known of a value's unit. Written quantities are converted to SI where they are read; sums
// and comparisons with them are then checked.

#include <cstdint>
#include <optional>
#include <string>

#include "language/units.h"

namespace motet::checking {

// Powers of metre, kilogram and second, in halves (so that a square root has them). An angle is a
// number.
struct Powers {
  std::int8_t metre = 0, kilogram = 0, second = 0;

  friend bool operator==(const Powers&, const Powers&) = default;
};

namespace powers {
inline constexpr Powers number{};
inline constexpr Powers length{2, 0, 0};
inline constexpr Powers time{0, 0, 2};
inline constexpr Powers frequency{0, 0, -2};  // and angular velocity
inline constexpr Powers velocity{2, 0, -2};
inline constexpr Powers force{2, 2, -4};
inline constexpr Powers torque{4, 2, -4};
}  // namespace powers

// Nothing for `steps`, which count and measure nothing.
std::optional<Powers> powers_of(Dimension dimension);
// "m/s", "Nm", "rad" for a number, "rad/s" for a frequency.
std::string to_text(Powers powers);

struct Quantity {
  std::optional<Powers> powers = {};  // none: it fits everything
  bool written = false;               // a unit in the program's text is behind it
  bool plain = false;                 // made of numbers without a unit
  // Power of the radian, in halves, where an angle is told from other numbers. Nothing is checked by it,
  // and beside a length or a mass it is left out: rad/s times m is m/s.
  std::int8_t angle = 0;

  static constexpr Quantity of(Powers powers) { return {powers, false, false}; }
  static constexpr Quantity number() { return {{}, false, true}; }
  // Counts as written, so that plain factors leave it as it is.
  static constexpr Quantity in(Powers powers, std::int8_t angle = 0) { return {powers, true, false, angle}; }
};

// Its unit, in which an angle is told from a number: "rad", "rad/s". Empty, where it has none or where it
// is not known.
std::string unit_text(const Quantity& quantity);

// Whether the two may be added or compared: not, where a unit was written on one side and the other
// is known to be something else.
bool agree(const Quantity& a, const Quantity& b);
// Of a sum, a minimum or a choice of two that agree.
Quantity joined(const Quantity& a, const Quantity& b);
// Nothing is known of a product where a power leaves the range that is kept.
Quantity product(const Quantity& a, const Quantity& b);
Quantity quotient(const Quantity& a, const Quantity& b);
Quantity raised(const Quantity& a, double exponent);

}  // namespace motet::checking
