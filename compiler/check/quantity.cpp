#include "compiler/check/quantity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace motet::checking {

namespace {

constexpr std::array known_names = {
    std::pair<Powers, std::string_view>{powers::number, "rad"},
    std::pair<Powers, std::string_view>{powers::length, "m"},
    std::pair<Powers, std::string_view>{powers::time, "s"},
    std::pair<Powers, std::string_view>{powers::velocity, "m/s"},
    std::pair<Powers, std::string_view>{powers::frequency, "rad/s"},
    std::pair<Powers, std::string_view>{{0, 2, 0}, "kg"},
    std::pair<Powers, std::string_view>{powers::force, "N"},
    std::pair<Powers, std::string_view>{powers::torque, "Nm"},
    std::pair<Powers, std::string_view>{{2, 0, -4}, "m/s^2"},
    std::pair<Powers, std::string_view>{{0, 0, -4}, "rad/s^2"},
};

std::optional<std::int8_t> narrow(double halves) {
  if (!(std::abs(halves) <= 64) || halves != std::floor(halves)) return std::nullopt;
  return static_cast<std::int8_t>(halves);
}

// Of the sum of two powers, or of a multiple of one. Nothing is known where one of them cannot be kept.
Quantity made(double metre, double kilogram, double second, double angle, bool written) {
  const bool turns = metre == 0 && kilogram == 0;
  const auto m = narrow(metre), kg = narrow(kilogram), s = narrow(second), rad = narrow(turns ? angle : 0);
  if (!m || !kg || !s || !rad) return {};
  return {Powers{*m, *kg, *s}, written, false, *rad};
}

Quantity times(const Quantity& a, int sign, const Quantity& b) {
  if (a.plain && b.plain) return Quantity::number();
  // A plain number scales a written quantity; what it makes of a signal (it is a weight, mostly) is
  // not known.
  if (a.plain && b.written) return sign > 0 ? b : raised(b, -1);
  if (b.plain && a.written) return a;
  if (!a.powers || !b.powers) return {};
  return made(a.powers->metre + sign * b.powers->metre, a.powers->kilogram + sign * b.powers->kilogram,
              a.powers->second + sign * b.powers->second, a.angle + sign * b.angle, a.written || b.written);
}

std::string factor(std::string_view unit, int halves) {
  if (halves == 0) return "";
  const std::string text = " " + std::string(unit);
  if (halves == 2) return text;
  return text + "^" + (halves % 2 == 0 ? std::to_string(halves / 2) : "(" + std::to_string(halves) + "/2)");
}

}  // namespace

std::optional<Powers> powers_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::time:
      return powers::time;
    case Dimension::frequency:
    case Dimension::per_second:
      return powers::frequency;
    case Dimension::length:
      return powers::length;
    case Dimension::angle:
      return powers::number;
    case Dimension::force:
      return powers::force;
    case Dimension::torque:
      return powers::torque;
    case Dimension::mass:
      return Powers{0, 2, 0};
    case Dimension::steps:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string to_text(Powers powers) {
  for (const auto& [known, name] : known_names)
    if (known == powers) return std::string(name);
  return (factor("kg", powers.kilogram) + factor("m", powers.metre) + factor("s", powers.second)).substr(1);
}

std::string unit_text(const Quantity& quantity) {
  if (!quantity.powers) return "";
  const Powers powers = *quantity.powers;
  const std::string name = to_text(powers);  // where it could be of an angle, it is taken to be
  if (powers.metre != 0 || powers.kilogram != 0) return name;
  if (quantity.angle == 2 && name.starts_with("rad")) return name;
  const std::string text = factor("rad", quantity.angle) + factor("s", powers.second);
  return text.empty() ? "" : text.substr(1);
}

bool agree(const Quantity& a, const Quantity& b) {
  if (!a.powers || !b.powers || !(a.written || b.written)) return true;
  return *a.powers == *b.powers;
}

Quantity joined(const Quantity& a, const Quantity& b) {
  if (a.plain) return b;
  if (b.plain) return a;
  if (!a.powers || !b.powers || *a.powers != *b.powers) return {};
  return {a.powers, a.written || b.written, false, std::max(a.angle, b.angle)};
}

Quantity product(const Quantity& a, const Quantity& b) {
  return times(a, 1, b);
}
Quantity quotient(const Quantity& a, const Quantity& b) {
  return times(a, -1, b);
}

Quantity raised(const Quantity& a, double exponent) {
  if (!a.powers) return a.plain ? a : Quantity{};
  return made(a.powers->metre * exponent, a.powers->kilogram * exponent, a.powers->second * exponent,
              a.angle * exponent, a.written);
}

}  // namespace motet::checking
