#pragma once

// How a plan's enumerations are spelt in TOML. One list for the writer and the reader.

#include "compiler/plan/plan.h"
#include "compiler/toml/words.h"

namespace motet {

inline constexpr Words<5> origin_words = {{"default", "program", "settings", "profile", "command line"}};
inline constexpr Words<3> skill_kind_words = {{"learned", "composed", "imported"}};
inline constexpr Words<4> over_words = {{"end", "mean", "max", "min"}};

static_assert(origin_words[Origin::command_line] == "command line");
static_assert(skill_kind_words[SkillPlan::Kind::imported] == "imported");
static_assert(over_words[MeasurePlan::Over::min] == "min");

}  // namespace motet
