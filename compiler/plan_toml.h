#pragma once

// A plan as TOML: the text of `motet compile --emit plan` and of a run folder's plan.toml.
//
// What follows from other fields is not written twice: the structs that are read from the
// hyperparameters (SacSettings, TrainSettings, RunSettings, PolicyPlan::hidden), and the registers of
// samples and resets, which are outputs of the reset program by name ("sample.NAME", and the name in
// ResetPlan::value).

#include <string>
#include <string_view>

#include "compiler/plan/plan.h"

namespace motet {

// The size beyond which plan_from_toml refuses a text.
inline constexpr std::size_t plan_text_limit = 64u << 20;

// Stable: the same plan gives the same bytes. Every hyperparameter has its value and its origin.
std::string to_toml(const Plan& plan);

// Reads what to_toml wrote. `path` is what errors name. Refuses a plan of another version, fields
// that are missing, unknown or of the wrong type, values that do not fit their schema, programs that
// do not validate, and plans whose parts do not fit together; the error says where. The text may come
// from strangers.
Result<Plan> plan_from_toml(std::string_view text, std::string_view path);

}  // namespace motet
