// The exact text of diagnostics: of syntax errors, and of the forms that a rendering can take.

#include <gtest/gtest.h>

#include <algorithm>

#include "golden.h"
#include "language/parse.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(MOTET_SOURCE_DIR) / "tests" / "golden" / "diagnostics";

TEST(SyntaxDiagnostics, Text) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder / "syntax"))
    if (entry.path().extension() == ".motet") files.push_back(entry.path());
  ASSERT_FALSE(files.empty());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    SourceMap sources;
    Diagnostics diagnostics;
    const auto source = sources.add(file.filename().string(), read_text(file));
    parse(sources, source, diagnostics);
    diagnostics.sort();
    expect_golden(fs::path(file).replace_extension(".txt"), render_text(diagnostics, sources, false));
  }
}

// One diagnostic of every form: two files, several labels on a line and on lines apart, notes, help.
Diagnostics all_forms(SourceMap& sources) {
  const auto maze = sources.add("ant_maze.motet",
                                "world maze { robot ant }\n\n\nskill navigate over walk {\n  in maze\n}\n"
                                "skill a = push & pull\n");
  const auto walk =
      sources.add("skills/walk.motet", "// The lower layer.\nskill walk {\n  policy gaussian {}\n}\n");
  const auto span = [&](std::uint32_t file, std::string_view text) {
    const auto at = static_cast<std::uint32_t>(sources.file(file).text().find(text));
    return Span{file, at, at + static_cast<std::uint32_t>(text.size())};
  };
  Diagnostics diagnostics;
  diagnostics.add({.code = Code::M0214,
                   .message = "`navigate` stands over `walk`, whose policy cannot be inverted",
                   .primary = {span(maze, "walk"), "a Gaussian policy has no latent to act on"},
                   .secondary = {{span(walk, "policy gaussian"), "the policy of `walk`"}},
                   .notes = {"a layer acts in the latent space of the one below"},
                   .help = {"give `walk` an invertible policy: `policy flow { couplings 2 }`"}});
  diagnostics.add({.code = Code::M0103,
                   .message = "labels far apart",
                   .primary = {span(maze, "in maze"), "second"},
                   .secondary = {{span(maze, "robot ant"), "first"}, {span(maze, "navigate"), ""}}});
  diagnostics.add({.code = Code::M0103,
                   .message = "labels side by side",
                   .primary = {span(maze, "push"), "this part"},
                   .secondary = {{span(maze, "pull"), "and this"}, {span(maze, "skill a"), "of this\nskill"}},
                   .notes = {"a note\nof two lines"}});
  const Span end{maze, static_cast<std::uint32_t>(sources.file(maze).text().size()),
                 static_cast<std::uint32_t>(sources.file(maze).text().size())};
  diagnostics.add({.code = Code::M0101,
                   .message = "at the end of the file",
                   .primary = {end, "here"},
                   .fix = Fix{end, "}"}});
  diagnostics.add({.code = Code::M0005,
                   .message = "a span of several lines, and \x1b[31mno colours of its own",
                   .primary = {{walk, 21, 50}, ""}});
  return diagnostics;
}

TEST(SyntaxDiagnostics, Forms) {
  SourceMap sources;
  const Diagnostics diagnostics = all_forms(sources);
  expect_golden(folder / "forms.txt", render_text(diagnostics, sources, false));
  expect_golden(folder / "forms.colour.txt", render_text(diagnostics, sources, true));
  expect_golden(folder / "forms.json", render_json(diagnostics, sources));
}

}  // namespace
}  // namespace motet::testing
