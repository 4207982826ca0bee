#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "language/modules.h"

namespace motet {
namespace {

namespace fs = std::filesystem;

class Modules : public ::testing::Test {
 protected:
  Modules() : folder_(fs::temp_directory_path() / ("motet_modules_" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Modules() override { fs::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
  }
  Program load(const std::string& file = "project/main.motet", const ParseLimits& limits = {}) {
    return load_program(folder_ / file, {.library = {folder_ / "library"}}, sources_, diagnostics_, limits);
  }
  std::string codes() const {
    std::string result;
    for (const Diagnostic& d : diagnostics_.all())
      result += (result.empty() ? "" : " ") + std::string(info(d.code).name);
    return result;
  }
  std::string names(const Program& program) const {
    std::string result;
    for (const LoadedModule& module : program.modules)
      result += (result.empty() ? "" : " ") +
                module.path.lexically_relative(fs::canonical(folder_)).generic_string();
    return result;
  }

  fs::path folder_;
  SourceMap sources_;
  Diagnostics diagnostics_;
};

TEST_F(Modules, ProjectBeforeLibrary) {
  write("project/main.motet", "import robots.ant\nimport robots.snake\nlet a = 1");
  write("project/robots/ant.motet", "let b = 2");
  write("library/robots/ant.motet", "let c = 3");
  write("library/robots/snake.motet", "let d = 4");
  const Program program = load();
  EXPECT_EQ(codes(), "") << render_text(diagnostics_, sources_, false);
  EXPECT_EQ(names(program), "project/robots/ant.motet library/robots/snake.motet project/main.motet");
  EXPECT_EQ(program.main, 2u);
  EXPECT_EQ(program.modules[2].imports, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(program.modules[1].directory.filename(), "robots");
}

TEST_F(Modules, AModuleIsLoadedOnce) {
  write("project/main.motet", "import a\nimport b");
  write("project/a.motet", "import c");
  write("project/b.motet", "import c");
  write("project/c.motet", "");
  const Program program = load();
  EXPECT_EQ(names(program), "project/c.motet project/a.motet project/b.motet project/main.motet");
  EXPECT_EQ(program.modules[1].imports, program.modules[2].imports);
}

TEST_F(Modules, QuotedImportsAreRelativeToTheirFile) {
  write("project/main.motet", "import parts.deep");
  write("project/parts/deep.motet", "import \"near.motet\" import \"../top.motet\"");
  write("project/parts/near.motet", "");
  write("project/top.motet", "");
  const Program program = load();
  EXPECT_EQ(codes(), "") << render_text(diagnostics_, sources_, false);
  EXPECT_EQ(names(program),
            "project/parts/near.motet project/top.motet project/parts/deep.motet project/main.motet");
}

TEST_F(Modules, ImportsDoNotLeaveTheirFolder) {
  write("secret.motet", "");
  write("project/main.motet", "import \"../secret.motet\"\nimport \"" + (folder_ / "secret.motet").string() +
                                  "\"\nimport \"a/../../secret.motet\"\nimport \"\"\nimport robots.up");
  write("library/robots/up.motet", "import \"../../secret.motet\"");
  const Program program = load();
  EXPECT_EQ(codes(), "M0010 M0010 M0010 M0010 M0010");
  EXPECT_EQ(program.modules[program.main].imports[0], LoadedModule::unresolved);
}

TEST_F(Modules, CyclesNameTheirWay) {
  write("project/main.motet", "import a");
  write("project/a.motet", "import b");
  write("project/b.motet", "import a\nimport c");
  write("project/c.motet", "");
  const Program program = load();
  EXPECT_EQ(codes(), "M0011");
  const std::string& message = diagnostics_.all()[0].message;
  EXPECT_LT(message.find("a.motet"), message.find("b.motet"));
  EXPECT_LT(message.find("b.motet"), message.rfind("a.motet"));
  EXPECT_EQ(names(program), "project/c.motet project/b.motet project/a.motet project/main.motet");
}

TEST_F(Modules, AFileThatImportsItself) {
  write("project/main.motet", "import main");
  load();
  EXPECT_EQ(codes(), "M0011");
}

TEST_F(Modules, MissingModulesSuggestNearOnes) {
  write("project/main.motet", "import robots.annt\nimport \"helprs.motet\"\nimport robts.ant");
  write("project/helpers.motet", "");
  write("library/robots/ant.motet", "");
  load();
  EXPECT_EQ(codes(), "M0010 M0010 M0010");
  ASSERT_TRUE(diagnostics_.all()[0].fix);
  EXPECT_EQ(diagnostics_.all()[0].fix->replacement, "robots.ant");
  EXPECT_EQ(diagnostics_.all()[0].notes.size(), 2u);
  ASSERT_TRUE(diagnostics_.all()[1].fix);
  EXPECT_EQ(diagnostics_.all()[1].fix->replacement, "\"helpers.motet\"");
  ASSERT_TRUE(diagnostics_.all()[2].fix);
  EXPECT_EQ(diagnostics_.all()[2].fix->replacement, "robots.ant");
}

TEST_F(Modules, ErrorsOfAllModulesAreReported) {
  write("project/main.motet", "import a\nlet x =");
  write("project/a.motet", "let y =");
  const Program program = load();
  EXPECT_EQ(codes(), "M0101 M0101");
  EXPECT_EQ(program.modules[0].syntax.broken.size(), 1u);
}

TEST_F(Modules, FilesThatCannotBeRead) {
  EXPECT_EQ(load().modules.size(), 1u);
  EXPECT_EQ(codes(), "M0001");
  write("project/main.motet", "let x = 1");
  load("project");
  EXPECT_EQ(codes(), "M0001 M0001");
  load("project/main.motet", {.file_bytes = 4});
  EXPECT_EQ(codes(), "M0001 M0001 M0003");
}

TEST_F(Modules, LongChainsOfImportsHaveALimit) {
  for (int i = 0; i < 150; ++i)
    write("project/m" + std::to_string(i) + ".motet", "import m" + std::to_string(i + 1));
  write("project/m150.motet", "");
  load("project/m0.motet");
  EXPECT_EQ(codes(), "M0004");
}

}  // namespace
}  // namespace motet
