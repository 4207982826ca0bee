#pragma once

#include <filesystem>

#include "compiler/plan/result.h"

namespace motet {

// Refuses a mesh, texture or height field that is not a regular file of at most 256 MiB, and a PNG
// that would unpack to more than 64 million pixels. A missing file is left for MuJoCo to report.
Status check_model_asset(const std::filesystem::path& file);

}  // namespace motet
