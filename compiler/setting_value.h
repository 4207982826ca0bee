#pragma once

// Numbers and setting values as text.

#include <string>

#include "compiler/plan/plan.h"

namespace motet {

// The shortest text that reads back to the same double: "0.0003", "1e-10", "nan", "-inf".
std::string format_number(double value);

// "true", "256", "0.0003", "auto", "[256, 256]".
std::string to_text(const SettingValue& value);

}  // namespace motet
