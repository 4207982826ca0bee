#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "compiler/plan/result.h"

namespace motet {

// Writes the parts one after the other to a file beside, syncs it, and renames it to `file`. On an
// error the old file is as it was and nothing is left beside it.
Status replace_file(const std::filesystem::path& file, std::span<const std::span<const std::byte>> parts);

}  // namespace motet
