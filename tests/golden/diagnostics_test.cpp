// What people are told about the programs in tests/golden/diagnostics, to the letter.

#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/check.h"
#include "golden.h"
#include "language/modules.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;

const fs::path root = MOTET_SOURCE_DIR;

std::string told(const fs::path& file) {
  SourceMap sources;
  Diagnostics diagnostics;
  const Program program = load_program(file, ModuleSearch{{root / "library"}}, sources, diagnostics);
  check(program, sources, diagnostics);
  return without_path(render_text(diagnostics, sources, false), root, "MOTET");
}

TEST(Diagnostics, AreShown) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(root / "tests" / "golden" / "diagnostics"))
    if (entry.path().extension() == ".motet") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  ASSERT_FALSE(files.empty());
  for (const fs::path& file : files) expect_golden(fs::path(file).replace_extension(".txt"), told(file));
}

}  // namespace
}  // namespace motet::testing
