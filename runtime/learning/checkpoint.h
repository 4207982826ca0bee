#pragma once

// checkpoint.bin: what it says of itself, so that it is never taken for another's.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"

namespace motet {

// Where the skills of a run lie.
using FolderOf = std::function<std::filesystem::path(const std::string& skill)>;

inline constexpr std::int64_t checkpoint_version = 1;

std::filesystem::path checkpoint_file(const std::filesystem::path& folder);
std::filesystem::path replay_file(const std::filesystem::path& folder);

// Writes down whose checkpoint this is.
void sign_checkpoint(Archive& archive, const SkillPlan& skill, std::uint64_t seed);
// The checkpoint of this skill, whatever its seed. Another's, another version's, or one of a program
// that has changed since is refused, and says what to do.
Result<Archive> read_checkpoint(const std::filesystem::path& folder, const SkillPlan& skill);
// The same of another file that was signed so.
Result<Archive> read_signed(const std::filesystem::path& file, const SkillPlan& skill);
// The same, and of this seed.
Result<Archive> read_checkpoint(const std::filesystem::path& folder, const SkillPlan& skill,
                                std::uint64_t seed);

// A number for the training of this skill with this seed.
std::uint64_t training_identity(const SkillPlan& skill, std::uint64_t seed);

}  // namespace motet
