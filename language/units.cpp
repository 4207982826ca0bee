#include "language/units.h"

#include <array>
#include <numbers>
#include <utility>

#include "language/diagnostic.h"

namespace motet {

const std::vector<Unit>& all_units() {
  static const std::vector<Unit> units = {
      {"Hz", 1, Dimension::frequency},     {"ms", 1e-3, Dimension::time},
      {"s", 1, Dimension::time},           {"min", 60, Dimension::time},
      {"m", 1, Dimension::length},         {"cm", 1e-2, Dimension::length},
      {"mm", 1e-3, Dimension::length},     {"deg", std::numbers::pi / 180, Dimension::angle},
      {"rad", 1, Dimension::angle},        {"N", 1, Dimension::force},
      {"Nm", 1, Dimension::torque},        {"kg", 1, Dimension::mass},
      {"g", 1e-3, Dimension::mass},        {"steps", 1, Dimension::steps},
      {"per s", 1, Dimension::per_second},
  };
  return units;
}

std::optional<Unit> find_unit(std::string_view name) {
  for (const Unit& unit : all_units())
    if (unit.name == name) return unit;
  return std::nullopt;
}

std::vector<std::string> unit_names() {
  std::vector<std::string> names;
  for (const Unit& unit : all_units())
    if (unit.dimension != Dimension::per_second) names.emplace_back(unit.name);
  return names;
}

std::optional<std::string> near_unit(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> written_out = {
      {{"sec", "s"},
       {"secs", "s"},
       {"second", "s"},
       {"seconds", "s"},
       {"minute", "min"},
       {"minutes", "min"},
       {"meter", "m"},
       {"meters", "m"},
       {"metre", "m"},
       {"metres", "m"},
       {"degree", "deg"},
       {"degrees", "deg"},
       {"radian", "rad"},
       {"radians", "rad"},
       {"hertz", "Hz"},
       {"newton", "N"},
       {"newtons", "N"}}};
  for (const auto& [long_form, unit] : written_out)
    if (name == long_form) return std::string(unit);
  return nearest(name, unit_names());
}

std::string_view describe(Dimension dimension) {
  switch (dimension) {
    case Dimension::time:
      return "a time";
    case Dimension::frequency:
      return "a frequency";
    case Dimension::length:
      return "a length";
    case Dimension::angle:
      return "an angle";
    case Dimension::force:
      return "a force";
    case Dimension::torque:
      return "a torque";
    case Dimension::mass:
      return "a mass";
    case Dimension::steps:
      return "a number of steps";
    case Dimension::per_second:
      return "a rate";
  }
  return "";
}

}  // namespace motet
