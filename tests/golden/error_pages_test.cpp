// What docs/errors says of each code is true: `motet explain` prints these pages.
//
// A page is a title, what is wrong and why, and then fences:
//   motet name=FILE, xml name=FILE    files beside the program
//   motet error=CODE, warning=CODE    a program that gives this code and no other; with `name=FILE` it is
//                                     that file, with `repeat=N` so many of it on end, with
//                                     `encoding=latin1` saved so
//   motet                             the same, corrected: no diagnostics
//   toml error=CODE                   a motet.toml instead; `toml` is the corrected one

#include <gtest/gtest.h>

#include <set>

#include "../unit/temporary_folder.h"
#include "compiler/check.h"
#include "compiler/lower.h"
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
    {"M0604", "the profile is asked for on the command line"},
    {"M0606", "the assignment stands on the command line"},
};

fs::path page_path(const CodeInfo& code) {
  return root / "docs" / "errors" / (std::string(code.name) + ".md");
}

bool is_wrong(const Fence& fence) {
  return fence.has("error") || fence.has("warning");
}

// What a fence stands for, where it is too long or not encoded as a page is.
std::string text_of(const Fence& fence) {
  std::string text;
  const int times = fence.has("repeat") ? std::stoi(fence.get("repeat")) : 1;
  for (int i = 0; i < times; ++i) text += fence.text;
  if (fence.get("encoding") != "latin1") return text;
  std::string latin1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool pair = (byte == 0xC2 || byte == 0xC3) && i + 1 < text.size();
    latin1 += pair ? static_cast<char>((text[++i] & 0x3F) | (byte & 0x03) << 6) : text[i];
  }
  return latin1;
}

// A project with the files that a page names and the model of the reaching example, which lies in
// `models`, too, in the project and beside it.
class Stage {
 public:
  explicit Stage(const Page& page) {
    fs::create_directories(project_ / "models");
    fs::create_directories(project_ / "runs" / "walk");
    fs::create_directories(folder_.path() / "models");
    for (const fs::path& place : {project_, project_ / "models", folder_.path() / "models"})
      fs::copy(root / "examples" / "reaching" / "arm.xml", place / "arm.xml");
    for (const Fence& fence : page.fences)
      if (fence.has("name")) write(fence.get("name"), fence.text);
  }

  // The codes that come of the fence, sorted.
  std::set<std::string> codes(const Fence& fence) {
    SourceMap sources;
    Diagnostics diagnostics;
    if (fence.language == "toml") {
      write("motet.toml", text_of(fence));
      read_settings({project_, "", {}}, sources, diagnostics);
    } else {
      const fs::path file = write(fence.has("name") ? fence.get("name") : "program.motet", text_of(fence));
      const Program program = load_program(file, ModuleSearch{{root / "library"}}, sources, diagnostics);
      const auto graph = check(program, sources, diagnostics);
      if (graph && of_planning) plan(*graph, sources, diagnostics);
    }
    said_ = render_text(diagnostics, sources, false);
    std::set<std::string> codes;
    for (const Diagnostic& diagnostic : diagnostics.all()) codes.emplace(info(diagnostic.code).name);
    return codes;
  }
  const std::string& said() const { return said_; }
  bool of_planning = false;  // what shows when a program is planned counts

 private:
  void plan(const PolicyGraph& graph, const SourceMap& sources, Diagnostics& diagnostics) const {
    const auto plan = lower(graph, {}, sources, {root / "library"}, diagnostics);
    EXPECT_TRUE(plan) << plan.error().message;
  }

  fs::path write(const std::string& name, const std::string& text) {
    return folder_.write("project/" + name, text);
  }

  TemporaryFolder folder_;
  fs::path project_ = folder_.path() / "project";
  std::string said_;
};

void expect_shown(const CodeInfo& code, const Page& page) {
  const std::string name(code.name);
  const std::string severity = code.severity == Severity::error ? "error" : "warning";
  Stage stage(page);
  stage.of_planning = name.starts_with("M06") || name == "M0221" || name == "M0222";
  std::set<std::string> shown = {""};  // the names of what is wrong, and then corrected
  for (const Fence& fence : page.fences)
    if (is_wrong(fence)) shown.insert(fence.get("name"));
  bool wrong = false, right = false;
  for (const Fence& fence : page.fences) {
    if (!shown.contains(fence.get("name")) || (fence.language != "motet" && fence.language != "toml"))
      continue;
    SCOPED_TRACE(name + ".md:" + std::to_string(fence.line));
    const bool fails = is_wrong(fence);
    if (fails) {
      EXPECT_EQ(fence.get(severity), name) << "a page shows its own code";
      const auto codes = stage.codes(fence);
      EXPECT_TRUE(codes.contains(name)) << "the program is not told so:\n" << stage.said();
      const bool alone = code.name != "M0005";  // which counts others
      EXPECT_TRUE(codes.size() == 1 || !alone) << "it is told more:\n" << stage.said();
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
