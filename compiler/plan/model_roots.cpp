#include "compiler/plan/model_roots.h"

namespace motet {

Result<std::filesystem::path> ModelRoots::resolve(const std::string& path) const {
  const auto below = [&](std::string_view root) {
    return path.starts_with(root) && path.size() > root.size();
  };
  const bool in_project = below("project/");
  if (!in_project && !below("library/")) {
    return Error{"`" + path + "` is not a path of a plan: those begin with `project/` or `library/`"};
  }
  const std::filesystem::path rest =
      std::filesystem::path(path.substr(std::string_view("project/").size())).lexically_normal();
  if (rest.is_absolute() || rest.empty() || *rest.begin() == ".." || *rest.begin() == ".") {
    return Error{"`" + path + "` leads out of the folder that it should lie in"};
  }
  if (in_project) return project / rest;
  std::error_code error;
  for (const std::filesystem::path& root : library) {
    if (std::filesystem::exists(root / rest, error)) return root / rest;
  }
  if (library.empty()) return Error{"`" + path + "` is in the library, and there is none"};
  return library.front() / rest;  // whoever opens it says that it is not there
}

}  // namespace motet
