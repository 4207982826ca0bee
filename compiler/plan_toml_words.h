#pragma once

// How a plan's enumerations are spelt in TOML. One list for the writer and the reader.

#include <array>
#include <optional>
#include <string_view>

#include "compiler/plan/plan.h"

namespace motet {

// The spellings of an enumeration's values, in their order.
template <std::size_t count>
struct Words {
  std::array<std::string_view, count> spellings;

  template <typename Enum>
  constexpr std::string_view operator[](Enum value) const {
    return spellings[static_cast<std::size_t>(value)];
  }
  std::optional<std::size_t> find(std::string_view word) const {
    for (std::size_t i = 0; i < count; ++i)
      if (spellings[i] == word) return i;
    return std::nullopt;
  }
};

inline constexpr Words<5> origin_words = {{"default", "program", "settings", "profile", "command line"}};
inline constexpr Words<3> skill_kind_words = {{"learned", "composed", "imported"}};
inline constexpr Words<4> limit_words = {{"joint_pos", "joint_vel", "joint_torque", "action_rate"}};
inline constexpr Words<4> over_words = {{"end", "mean", "max", "min"}};

static_assert(origin_words[Origin::command_line] == "command line");
static_assert(skill_kind_words[SkillPlan::Kind::imported] == "imported");
static_assert(limit_words[LimitPlan::Kind::action_rate] == "action_rate");
static_assert(over_words[MeasurePlan::Over::min] == "min");

}  // namespace motet
