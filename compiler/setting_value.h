#pragma once

// Numbers and setting values as text.

#include <optional>
#include <string>
#include <string_view>

#include "compiler/plan/plan.h"

namespace motet {

// The shortest text that reads back to the same double: "0.0003", "1e-10", "nan", "-inf".
std::string format_number(double value);

// A finite number, `_` between digits and the suffixes k and M allowed, as in programs.
std::optional<double> parse_number(std::string_view text);

// "true", "256", "0.0003", "auto", "[256, 256]".
std::string to_text(const SettingValue& value);

}  // namespace motet
