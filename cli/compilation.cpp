#include "cli/compilation.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <sstream>

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

// From a build tree, `library` lies beside a folder above the executable; from an installation, in
// ../share/motet.
std::optional<fs::path> own_library() {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  const fs::path installed = executable.parent_path().parent_path() / "share" / "motet" / "library";
  if (fs::is_directory(installed, error)) return installed;
  for (fs::path folder = executable.parent_path(); folder.has_relative_path(); folder = folder.parent_path())
    if (fs::is_directory(folder / "library" / "robots", error)) return folder / "library";
  return std::nullopt;
}

}  // namespace

std::vector<fs::path> library_folders() {
  std::vector<fs::path> folders;
  if (const char* path = std::getenv("MOTET_PATH")) {
    std::stringstream entries{std::string(path)};
    for (std::string entry; std::getline(entries, entry, ':');)
      if (!entry.empty()) folders.emplace_back(entry);
  }
  if (auto own = own_library()) folders.push_back(*own);
  return folders;
}

std::vector<Option> settings_options() {
  return {{"--profile", "NAME", "settings of [profile.NAME] in motet.toml"},
          {"--set", "KEY=VALUE", "one setting, such as learn.sac.batch=128; may be repeated"}};
}

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}

Compilation compile(const fs::path& file, const std::vector<fs::path>& library, const fs::path& taken_over) {
  Compilation result;
  result.library = library;
  result.program = load_program(file, ModuleSearch{library}, result.sources, result.diagnostics);
  result.program.taken_over = taken_over;
  result.graph = check(result.program, result.sources, result.diagnostics);
  if (result.diagnostics.has_errors()) result.graph.reset();
  return result;
}

std::optional<Plan> make_plan(Compilation& compilation, const Arguments& arguments) {
  if (!compilation.graph) return std::nullopt;
  SettingsRequest request;
  request.directory = compilation.program.modules[compilation.program.main].directory;
  request.profile = arguments.value("--profile").value_or("");
  request.assignments = arguments.values("--set");
  compilation.settings = read_settings(request, compilation.sources, compilation.diagnostics);
  if (compilation.diagnostics.has_errors()) return std::nullopt;
  auto plan = lower(*compilation.graph, compilation.settings, compilation.sources, compilation.library,
                    compilation.diagnostics);
  if (!plan) {
    complain(plan.error().message);
    return std::nullopt;
  }
  if (compilation.diagnostics.has_errors()) return std::nullopt;
  return std::move(*plan);
}

void report(Compilation& compilation) {
  compilation.diagnostics.sort();
  if (compilation.diagnostics.all().empty()) return;
  const bool colour = is_terminal(STDERR_FILENO) && std::getenv("NO_COLOR") == nullptr;
  std::cerr << render_text(compilation.diagnostics, compilation.sources, colour);
}

std::optional<Compilation> compile_or_report(const std::string& file) {
  Compilation result = compile(file, library_folders());
  if (result.graph) return result;
  report(result);
  return std::nullopt;
}

}  // namespace motet::cli
