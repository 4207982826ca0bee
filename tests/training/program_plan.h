#pragma once

// Plans of programs, for tests of what is trained from them.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "compiler/check.h"
#include "compiler/lower.h"
#include "compiler/plan/model_roots.h"

namespace motet::test {

namespace fs = std::filesystem;

inline const ModelRoots program_roots{.project = {}, .library = {fs::path(MOTET_SOURCE_DIR) / "library"}};

inline std::optional<Plan> plan_of(const fs::path& file, const std::string& program) {
  std::ofstream(file) << program;
  SourceMap sources;
  Diagnostics diagnostics;
  const Program loaded = load_program(file, ModuleSearch{program_roots.library}, sources, diagnostics);
  const auto graph = check(loaded, sources, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << render_text(diagnostics, sources, false);
  if (diagnostics.has_errors()) return std::nullopt;
  auto plan = lower(*graph, {}, sources, program_roots.library, diagnostics);
  EXPECT_TRUE(plan);
  return plan ? std::optional(std::move(*plan)) : std::nullopt;
}

}  // namespace motet::test
