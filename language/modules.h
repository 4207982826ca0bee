#pragma once

// A program: a file and everything it imports.

#include <filesystem>
#include <string>
#include <vector>

#include "language/diagnostic.h"
#include "language/parse.h"
#include "language/syntax.h"

namespace motet {

struct LoadedModule {
  syntax::Module syntax;
  std::filesystem::path path;        // absolute, canonical
  std::filesystem::path directory;   // what `model` and `scene` are relative to
  std::vector<std::size_t> imports;  // index into Program::modules for each Import, in order;
                                     // `unresolved` where the import failed
  static constexpr std::size_t unresolved = static_cast<std::size_t>(-1);
};

struct Program {
  std::vector<LoadedModule> modules;  // imports before their importers
  std::size_t main = 0;               // index of the file that was asked for
  // Of a program that a run keeps: the folder with the skills that it took from elsewhere, by name.
  std::filesystem::path taken_over = {};
};

struct ModuleSearch {
  // `import a.b` is a/b.motet under the folder of the main file, then under each of these.
  std::vector<std::filesystem::path> library;
};

// Loads the file and its imports into `sources`. Errors: M0001-M0011, syntax errors.
Program load_program(const std::filesystem::path& file, const ModuleSearch& search, SourceMap& sources,
                     Diagnostics& diagnostics, const ParseLimits& limits = {});

}  // namespace motet
