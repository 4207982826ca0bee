#include "compiler/lower_paths.h"

namespace motet {

namespace fs = std::filesystem;

namespace {

// The path below a root, links resolved, or nothing.
fs::path below(const fs::path& file, const fs::path& root) {
  std::error_code error;
  const fs::path from = fs::weakly_canonical(root.empty() ? fs::path(".") : root, error);
  const fs::path to = error ? fs::path() : fs::weakly_canonical(file, error);
  if (error) return {};
  fs::path relative = to.lexically_relative(from);
  if (relative.empty() || relative == "." || *relative.begin() == "..") return {};
  return relative;
}

}  // namespace

std::string plan_path(const fs::path& file, const fs::path& project, const std::vector<fs::path>& library) {
  if (const fs::path relative = below(file, project); !relative.empty())
    return "project/" + relative.generic_string();
  for (const fs::path& root : library)
    if (const fs::path relative = below(file, root); !relative.empty())
      return "library/" + relative.generic_string();
  return {};
}

}  // namespace motet
