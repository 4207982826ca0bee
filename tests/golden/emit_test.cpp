// What every phase prints of the programs in tests/golden/programs, and of the reaching example.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "compiler/check.h"
#include "compiler/lower.h"
#include "compiler/plan_toml.h"
#include "golden.h"
#include "language/format.h"
#include "language/modules.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;

const fs::path root = MOTET_SOURCE_DIR;

std::vector<fs::path> programs() {
  std::vector<fs::path> files = {root / "examples" / "reaching" / "reaching.motet"};
  for (const auto& entry : fs::directory_iterator(root / "tests" / "golden" / "programs"))
    if (entry.path().extension() == ".motet") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// tests/golden/emitted/pushing.plan
fs::path golden_file(const fs::path& program, const std::string& form) {
  return root / "tests" / "golden" / "emitted" / (program.stem().string() + "." + form);
}

struct Compiled {
  SourceMap sources;
  Diagnostics diagnostics;
  Program program;
  std::optional<PolicyGraph> graph;

  explicit Compiled(const fs::path& file) {
    program = load_program(file, ModuleSearch{library}, sources, diagnostics);
    graph = check(program, sources, diagnostics);
    diagnostics.sort();
  }
  std::string said() const { return render_text(diagnostics, sources, false); }

  const std::vector<fs::path> library = {root / "library"};
};

std::string without_paths(const std::string& text) {
  return without_path(text, root, "MOTET");
}

TEST(Emit, Ast) {
  for (const fs::path& file : programs()) {
    const Compiled compiled(file);
    const syntax::Module& module = compiled.program.modules[compiled.program.main].syntax;
    expect_golden(golden_file(file, "ast"), dump(module, compiled.sources));
  }
}

TEST(Emit, Graph) {
  for (const fs::path& file : programs()) {
    const Compiled compiled(file);
    ASSERT_TRUE(compiled.graph) << compiled.said();
    expect_golden(golden_file(file, "graph"), without_paths(to_text(*compiled.graph)));
  }
}

TEST(Emit, Diagnostics) {
  for (const fs::path& file : programs()) {
    const Compiled compiled(file);
    if (!compiled.diagnostics.all().empty() || fs::exists(golden_file(file, "diagnostics")))
      expect_golden(golden_file(file, "diagnostics"), without_paths(compiled.said()));
  }
}

class EmitPlan : public ::testing::Test {
 protected:
  // Without outside settings, so that every default shows.
  static std::optional<Plan> plan_of(const fs::path& file) {
    Compiled compiled(file);
    if (!compiled.graph) return std::nullopt;
    auto plan = lower(*compiled.graph, {}, compiled.sources, compiled.library, compiled.diagnostics);
    EXPECT_FALSE(compiled.diagnostics.has_errors()) << compiled.said();
    if (!plan) ADD_FAILURE() << file << ": " << plan.error().message;
    return plan ? std::optional<Plan>(std::move(*plan)) : std::nullopt;
  }
};

TEST_F(EmitPlan, Plan) {
  for (const fs::path& file : programs()) {
    const auto plan = plan_of(file);
    ASSERT_TRUE(plan) << file;
    const std::string text = to_toml(*plan);
    expect_golden(golden_file(file, "plan"), text);
    const auto again = plan_from_toml(text, "plan.toml");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_toml(*again), text) << file;
  }
}

TEST_F(EmitPlan, Reward) {
  for (const fs::path& file : programs()) {
    const auto plan = plan_of(file);
    ASSERT_TRUE(plan) << file;
    std::string text;
    for (const SkillPlan& skill : plan->skills) {
      if (skill.kind == SkillPlan::Kind::imported) continue;
      text += "# skill " + skill.name + " in " + skill.environment.world + "\n\n## reset\n" +
              to_text(skill.environment.reset) + "\n## step\n" + to_text(skill.environment.step) + "\n";
      if (skill.environment.robot.drive)
        text += "## drive\n" + to_text(*skill.environment.robot.drive) + "\n";
    }
    expect_golden(golden_file(file, "reward"), text);
  }
}

// What is written in two ways and means the same becomes the same instructions.
std::string step_of(const std::string& ends) {
  const fs::path file = fs::temp_directory_path() / ("motet_emit_" + std::to_string(getpid()) + ".motet");
  std::ofstream(file) << "robot dot { model point(2) observe qpos act motors control 1 Hz }\n"
                         "world plane { robot dot horizon 30 steps "
                      << ends
                      << " }\n"
                         "skill move { in plane maximize -norm(qpos) }\n";
  const Compiled compiled(file);
  fs::remove(file);
  if (!compiled.graph) return compiled.said();
  return to_text(lower_environment(*compiled.graph, *compiled.graph->skills[0].environment, {}).step);
}

TEST(Emit, EveryEndEnds) {
  EXPECT_EQ(step_of("end when qpos.x > 1  end when qpos.y > 2"),
            step_of("end when qpos.x > 1 or qpos.y > 2"));
}

// Every program and module that ships is as the formatter writes it.
TEST(Emit, ProgramsAreCanonical) {
  std::vector<fs::path> files;
  for (const char* folder : {"examples", "library", "tests/golden/programs"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.path().extension() == ".motet") files.push_back(entry.path());
  for (const fs::path& file : files) {
    SourceMap sources;
    Diagnostics diagnostics;
    const std::string text = read_text(file);
    const syntax::Module module = parse(sources, sources.add(file.filename().string(), text), diagnostics);
    ASSERT_FALSE(diagnostics.has_errors()) << render_text(diagnostics, sources, false);
    const std::string canonical = format(module, sources);
    EXPECT_TRUE(canonical == text) << file << " is not canonical in " << first_difference(canonical, text);
  }
}

}  // namespace
}  // namespace motet::testing
