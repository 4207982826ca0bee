#pragma once

// A robot as TOML, in plans and in bundles alike.

#include <optional>
#include <string>

#include "compiler/plan/plan.h"
#include "compiler/toml/fields.h"
#include "compiler/toml/words.h"

namespace motet {

inline constexpr Words<4> limit_words = {{"joint_pos", "joint_vel", "joint_torque", "action_rate"}};
static_assert(limit_words[LimitPlan::Kind::action_rate] == "action_rate");

inline constexpr int most_numbers = 1 << 20;  // of an observation, an action, a signal

// One of an enumeration's words.
template <typename Enum, typename Known>
Enum read_enumeration(TomlFields& fields, std::string_view key, const Known& words) {
  return static_cast<Enum>(fields.word(key, words));
}

// An instruction program that validates.
InstructionProgram read_program(TomlFields& fields, std::string_view key);

std::string robot_toml(const RobotPlan& robot);
RobotPlan read_robot(TomlFields fields);
// What a robot's fields alone do not tell: that its numbers make sense and its `drive` has the outputs that
// are asked of it. Says what is wrong first, or nothing.
std::optional<std::string> wrong_with(const RobotPlan& robot);

}  // namespace motet
