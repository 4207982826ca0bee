#pragma once

// The way from a file to a graph and a plan, as the commands share it: loads, checks, reads the
// settings, and prints what the phases have to say.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "compiler/check.h"
#include "compiler/lower.h"

namespace motet::cli {

struct Compilation {
  SourceMap sources;
  Diagnostics diagnostics;
  Program program;
  std::optional<PolicyGraph> graph;
  OutsideSettings settings;
  std::vector<std::filesystem::path> library;  // folders in which modules were searched
};

// The library's folders: those in MOTET_PATH, then the one of the installation or the source tree
// that this executable belongs to.
std::vector<std::filesystem::path> library_folders();

// Options that choose settings: --profile and --set.
std::vector<Option> settings_options();

// Loads and checks. The graph is absent where there are errors. `taken_over`: see Program.
Compilation compile(const std::filesystem::path& file, const std::vector<std::filesystem::path>& library,
                    const std::filesystem::path& taken_over = {});
// Reads motet.toml, the profile and the assignments, and lowers. Absent where there are errors.
std::optional<Plan> make_plan(Compilation& compilation, const Arguments& arguments);

// Prints the diagnostics to standard error, in colour on a terminal.
void report(Compilation& compilation);

// Compiles one file for a command: reports, and returns nothing on errors.
std::optional<Compilation> compile_or_report(const std::string& file);

bool is_terminal(int descriptor);

}  // namespace motet::cli
