// What docs/errors says of each code is true: `motet explain` prints these pages.
//
// A page is a title, what is wrong and why, and then fences:
//   motet name=FILE, xml name=FILE    files beside the program
//   motet error=CODE, warning=CODE    a program that gives this code and no other
//   motet                             the same, corrected: no diagnostics
//   toml error=CODE                   a motet.toml instead; `toml` is the corrected one
// A page on what cannot be trained yet (M07xx) shows a program that checks, and one that can be trained.

#include <gtest/gtest.h>

#include <set>

#include "../unit/temporary_folder.h"
#include "compiler/check.h"
#include "compiler/executable.h"
#include "compiler/settings.h"
#include "golden.h"
#include "language/format.h"
#include "language/modules.h"
#include "markdown.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;

const fs::path root = MOTET_SOURCE_DIR;

// Codes that no program on a page can give, and why.
const std::map<std::string, std::string> not_shown = {
    {"M0001", "a file that cannot be read is not on a page"},
    {"M0002", "a page is valid UTF-8 itself"},
    {"M0003", "the limit is 4 MiB"},
    {"M0004", "the limit is a hundred brackets"},
    {"M0005", "it takes 200 mistakes"},
    {"M0010", "the program that is wrong is the other file"},
    {"M0011", "it takes two files that import each other"},
    {"M0604", "the profile is asked for on the command line"},
    {"M0605", "a file that cannot be read is not on a page"},
    {"M0606", "the assignment stands on the command line"},
    {"M0607", "it depends on where the program lies"},
    {"M0608", "it shows when a program is planned"},
    {"M0609", "it shows when a program is planned"},
};

fs::path page_path(const CodeInfo& code) {
  return root / "docs" / "errors" / (std::string(code.name) + ".md");
}

// A folder with the files that a page names, and the model of the reaching example.
class Stage {
 public:
  explicit Stage(const Page& page) {
    fs::copy(root / "examples" / "reaching" / "arm.xml", folder_.path() / "arm.xml");
    fs::create_directories(folder_.path() / "runs" / "walk");
    for (const Fence& fence : page.fences)
      if (fence.has("name")) folder_.write(fence.get("name"), fence.text);
  }

  // The codes that come of the fence, sorted.
  std::set<std::string> codes(const Fence& fence) {
    SourceMap sources;
    Diagnostics diagnostics;
    if (fence.language == "toml") {
      folder_.write("motet.toml", fence.text);
      read_settings({folder_.path(), "", {}}, sources, diagnostics);
    } else {
      const fs::path file = folder_.write("program.motet", fence.text);
      const Program program = load_program(file, ModuleSearch{{root / "library"}}, sources, diagnostics);
      const auto graph = check(program, sources, diagnostics);
      if (graph) report_not_executable(*graph, diagnostics);
    }
    said_ = render_text(diagnostics, sources, false);
    std::set<std::string> codes;
    for (const Diagnostic& diagnostic : diagnostics.all()) codes.emplace(info(diagnostic.code).name);
    return codes;
  }
  const std::string& said() const { return said_; }
  bool of_training = false;  // what stops a training counts

 private:
  void report_not_executable(const PolicyGraph& graph, Diagnostics& diagnostics) const {
    if (!of_training) return;
    for (const SkillNode& skill : graph.skills)
      if (auto stopped = not_executable(graph, skill)) diagnostics.add(std::move(*stopped));
  }

  TemporaryFolder folder_;
  std::string said_;
};

void expect_shown(const CodeInfo& code, const Page& page) {
  const std::string name(code.name);
  const std::string severity = code.severity == Severity::error ? "error" : "warning";
  Stage stage(page);
  stage.of_training = name.starts_with("M07");
  bool wrong = false, right = false;
  for (const Fence& fence : page.fences) {
    if (fence.has("name") || (fence.language != "motet" && fence.language != "toml")) continue;
    SCOPED_TRACE(name + ".md:" + std::to_string(fence.line));
    const bool fails = fence.has("error") || fence.has("warning");
    if (fails) {
      EXPECT_EQ(fence.get(severity), name) << "a page shows its own code";
      const auto codes = stage.codes(fence);
      EXPECT_TRUE(codes.contains(name)) << "the program is not told so:\n" << stage.said();
      EXPECT_TRUE(codes.size() == 1 || stage.of_training) << "it is told more:\n" << stage.said();
    } else {
      EXPECT_EQ(stage.codes(fence).size(), 0u) << "the corrected program is told\n" << stage.said();
    }
    (fails ? wrong : right) = true;
  }
  EXPECT_TRUE(wrong) << name << ".md shows no program that is wrong";
  EXPECT_TRUE(right) << name << ".md shows no program that is right";
}

TEST(ErrorPages, EveryCodeHasOne) {
  for (const CodeInfo& code : all_codes()) {
    const fs::path path = page_path(code);
    ASSERT_TRUE(fs::exists(path)) << path;
    const Page page = read_page(path);
    ASSERT_FALSE(page.lines.empty()) << path;
    EXPECT_EQ(page.lines[0], "# " + std::string(code.name) + ": " + std::string(code.title)) << path;
  }
}

TEST(ErrorPages, ShowTheMistakeAndTheCure) {
  for (const CodeInfo& code : all_codes())
    if (!not_shown.contains(std::string(code.name)) && fs::exists(page_path(code)))
      expect_shown(code, read_page(page_path(code)));
}

TEST(ErrorPages, ProgramsAreCanonical) {
  for (const CodeInfo& code : all_codes()) {
    if (!fs::exists(page_path(code))) continue;
    for (const Fence& fence : read_page(page_path(code)).fences) {
      if (fence.language != "motet") continue;
      SourceMap sources;
      Diagnostics diagnostics;
      const syntax::Module module = parse(sources, sources.add("page", fence.text), diagnostics);
      if (diagnostics.has_errors()) continue;
      EXPECT_EQ(format(module, sources), fence.text) << code.name << ".md:" << fence.line;
    }
  }
}

}  // namespace
}  // namespace motet::testing
