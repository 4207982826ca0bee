#pragma once

// A plan as TOML: the text of `motet compile --emit plan` and of a run folder's plan.toml.

#include <string>

#include "compiler/plan/plan.h"

namespace motet {

std::string to_toml(const Plan& plan);
// Refuses a plan of a newer version, missing fields and programs that do not validate.
Result<Plan> plan_from_toml(std::string_view text, std::string_view path);

}  // namespace motet
