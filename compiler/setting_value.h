#pragma once

// Setting values as text.

#include <string>

#include "compiler/plan/plan.h"

namespace motet {

// "true", "256", "0.0003", "auto", "[256, 256]".
std::string to_text(const SettingValue& value);

}  // namespace motet
