#pragma once

#include <filesystem>
#include <string>

#include "compiler/plan/result.h"

namespace motet::cli {

// A regular file of at most 64 MiB, whole: sizes are looked at before memory is taken.
Result<std::string> read_text(const std::filesystem::path& file);

}  // namespace motet::cli
