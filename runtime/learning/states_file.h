#pragma once

// states.bin: what a finished skill keeps of its replay, the states that it has seen. Compositions learn from
// them.

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/learning/replay.h"

namespace motet {

struct States {
  std::int64_t count = 0, size = 0;
  std::vector<float> values;  // [count, size]

  std::span<const float> row(std::int64_t i) const {
    return std::span(values).subspan(static_cast<std::size_t>(i * size), static_cast<std::size_t>(size));
  }
};

std::filesystem::path states_file(const std::filesystem::path& folder);

// The observations of all transitions of a replay, of so many numbers each. Written beside and renamed.
Status write_states(const std::filesystem::path& folder, const SkillPlan& skill, std::uint64_t seed,
                    const ReplayBuffer& replay);
// Errors: none there, damaged, another skill's, of another size, not finite.
Result<States> read_states(const std::filesystem::path& folder, const SkillPlan& skill);

}  // namespace motet
