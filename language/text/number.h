#pragma once

// Numbers as text.

#include <optional>
#include <string>
#include <string_view>

namespace motet {

// The shortest text that reads back to the same double: "0.0003", "1e-10", "nan", "-inf".
std::string format_number(double value);

// A finite number, `_` between digits and the suffixes k and M allowed, as in programs.
std::optional<double> parse_number(std::string_view text);

}  // namespace motet
