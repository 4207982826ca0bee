#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

// Where the paths of a plan are found: "project/..." and "library/...".
struct ModelRoots {
  std::filesystem::path project;
  std::vector<std::filesystem::path> library;  // the first that has the file
  // Refuses paths that leave their root.
  Result<std::filesystem::path> resolve(const std::string& path) const;
};

}  // namespace motet
