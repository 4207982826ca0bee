#pragma once

// The units that a number may carry.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motet {

enum class Dimension { time, frequency, length, angle, force, torque, mass, steps, per_second };

struct Unit {
  std::string_view name;
  double to_si;  // a number in this unit times `to_si` is the number in SI
  Dimension dimension;
};

// The unit of that name, exactly as it is spelled: `s`, `Nm`, `per s`.
std::optional<Unit> find_unit(std::string_view name);
const std::vector<Unit>& all_units();
// The names, for did-you-mean. Without `per s`, which only a limit of a rate takes.
std::vector<std::string> unit_names();

// The unit that somebody means who writes `sec`, `hz` or `meters`.
std::optional<std::string> near_unit(std::string_view name);

// How a message calls it: "a time", "a number of steps".
std::string_view describe(Dimension dimension);

}  // namespace motet
