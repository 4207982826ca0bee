#include "compiler/diagram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "compiler/diagram_groups.h"
#include "compiler/diagram_label.h"
#include "compiler/lower.h"
#include "graph_fixture.h"
#include "temporary_folder.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string content(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

Plan plan_of(const PolicyGraph& graph) {
  SourceMap sources;
  sources.add("program.motet", "");
  Diagnostics diagnostics;
  return *lower(graph, {}, sources, {}, diagnostics);
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// --- what is drawn ---

TEST(Diagram, OneSkillHasItsRobotWorldAndWeightedReward) {
  const std::string dot = hierarchy_dot(reaching_graph());
  for (const char* part : {"<B>reach</B>", "<B>table</B>", "<B>arm</B>", "near", "gentle", ">0.1<",
                           "sac · gaussian policy", "state ℝ⁴", "action ℝ²", "reward ℝ"})
    EXPECT_THAT(dot, HasSubstr(part));
}

TEST(Diagram, LayersHaveTheirLatentOnTheEdge) {
  const std::string dot = hierarchy_dot(maze_graph());
  EXPECT_THAT(dot, HasSubstr("s1 -> s0 [label=\"  latent ℝ⁸\""));
  EXPECT_THAT(dot, HasSubstr("UPPER SKILL"));
}

TEST(Diagram, LeavesOutWhatComesFromModulesAndIsNotUsed) {
  GraphBuilder builder;
  const std::size_t used = builder.robot("used", 2), spare = builder.robot("spare", 2);
  const std::size_t here = builder.world("here", used);
  builder.world("elsewhere", used);
  builder.world("far", spare);
  builder.reward("near");
  for (RobotNode& robot : builder.graph.robots) robot.imported = true;
  for (WorldNode& world : builder.graph.worlds) world.imported = true;
  // Of a program without skills, what it imports is all there is.
  for (const char* name : {"used", "spare", "here", "elsewhere", "far"})
    EXPECT_THAT(hierarchy_dot(builder.graph), HasSubstr("<B>" + std::string(name) + "</B>"));
  builder.skill("go", here, {{"near"}});
  builder.graph.worlds.push_back(builder.graph.worlds[here]);
  builder.graph.worlds.back().name = "own";
  builder.graph.worlds.back().imported = false;
  const std::string dot = hierarchy_dot(builder.graph);
  for (const char* name : {"used", "here", "own"})
    EXPECT_THAT(dot, HasSubstr("<B>" + std::string(name) + "</B>"));
  for (const char* name : {"spare", "elsewhere", "far"}) EXPECT_THAT(dot, Not(HasSubstr(name)));
}

TEST(Diagram, CompositionsHaveTheirOperatorsAndWeights) {
  const std::string dot = hierarchy_dot(tower_graph());
  EXPECT_THAT(dot, HasSubstr("label=\"&\""));
  EXPECT_THAT(dot, HasSubstr("label=\"|\""));
  EXPECT_THAT(dot, HasSubstr("label=\" 2 Q\""));
  EXPECT_THAT(dot, HasSubstr("label=\" 0.5 Q\""));
  EXPECT_THAT(dot, HasSubstr("starts from"));
}

TEST(Diagram, IsTheSameEveryTime) {
  EXPECT_EQ(hierarchy_dot(thirty_skills_graph()), hierarchy_dot(thirty_skills_graph()));
  EXPECT_EQ(plan_dot(plan_of(thirty_skills_graph())), plan_dot(plan_of(thirty_skills_graph())));
}

TEST(Diagram, AlikeSkillsOfALargeProgramShareACard) {
  const PolicyGraph graph = thirty_skills_graph();
  const auto groups = diagram::group_skills(graph);
  std::size_t skills = 0;
  for (const diagram::Group& group : groups) skills += group.skills.size();
  EXPECT_EQ(skills, graph.skills.size());
  EXPECT_LE(groups.size(), 7u);
  EXPECT_EQ(diagram::group_skills(pusher_graph()).size(), 7u);
  const std::string dot = hierarchy_dot(graph);
  for (const SkillNode& skill : graph.skills) EXPECT_THAT(dot, HasSubstr("<B>" + skill.name + "</B>"));
}

TEST(Diagram, ThePlanShowsStagesAndWhoChoseANumber) {
  GraphBuilder build;
  const auto reach = build.skill("reach", build.world("table", build.robot("arm", 2)), {{"near", 1}});
  build.set(reach, "learn.sac.tau", 0.25);
  const std::string dot = plan_dot(plan_of(build.graph));
  EXPECT_THAT(dot, HasSubstr("<B>0.25</B>"));
  EXPECT_THAT(dot, HasSubstr("program.motet:1"));
  EXPECT_THAT(dot, HasSubstr("Table C.1"));
  EXPECT_EQ(occurrences(plan_dot(plan_of(tower_graph())), "subgraph cluster_"), 4u);
}

TEST(Diagram, NumbersAreReadable) {
  EXPECT_EQ(diagram::space(1), "ℝ");
  EXPECT_EQ(diagram::space(127), "ℝ¹²⁷");
  EXPECT_EQ(diagram::count(4'000'000), "4M");
  EXPECT_EQ(diagram::count(2'500'000), "2.5M");
  EXPECT_EQ(diagram::count(200'000), "200k");
  EXPECT_EQ(diagram::count(1000), "1000");
  EXPECT_EQ(diagram::count(1'234'567), "1234567");
  EXPECT_EQ(diagram::weight(-0.005), "−0.005");
}

TEST(Diagram, TextOfStrangersIsEscaped) {
  EXPECT_EQ(diagram::escape("<B>&\"x\""), "&lt;B&gt;&amp;&quot;x&quot;");
  EXPECT_EQ(diagram::escape("a\x01\xff\n"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(diagram::escape(std::string(100, 'x'), 3), "xxx…");
  EXPECT_EQ(diagram::escape("ööö", 3), "ööö");
  EXPECT_EQ(diagram::escape(""), " ");
}

// --- pictures ---

class Pictures : public ::testing::TestWithParam<PolicyGraph (*)()> {};

TEST_P(Pictures, AreDrawnInEveryForm) {
  const TemporaryFolder folder;
  for (const std::string& dot : {hierarchy_dot(GetParam()()), plan_dot(plan_of(GetParam()()))}) {
    const std::map<std::string, std::string> beginnings = {{"x.svg", "<?xml"},
                                                           {"x.png", "\x89PNG"},
                                                           {"x.pdf", "%PDF"},
                                                           {"x.dot", "digraph"},
                                                           {"x.SVG", "<?xml"}};
    for (const auto& [name, beginning] : beginnings) {
      ::testing::internal::CaptureStderr();
      const Status drawn = draw(dot, folder.path() / name);
      EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
      ASSERT_TRUE(drawn) << drawn.error().message;
      EXPECT_THAT(content(folder.path() / name), StartsWith(beginning));
    }
    EXPECT_THAT(content(folder.path() / "x.svg"), HasSubstr("font-weight=\"bold\""));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 5);
}

INSTANTIATE_TEST_SUITE_P(Graphs, Pictures,
                         ::testing::Values(&reaching_graph, &pusher_graph, &maze_graph, &tower_graph,
                                           &thirty_skills_graph));

// Big-endian numbers of a PNG's header.
double width_to_height(const fs::path& png) {
  const std::string bytes = content(png);
  const auto number = [&](std::size_t at) {
    double value = 0;
    for (std::size_t i = at; i < at + 4; ++i) value = value * 256 + static_cast<unsigned char>(bytes.at(i));
    return value;
  };
  return number(16) / number(20);
}

PolicyGraph many_worlds(int worlds, int skills) {
  GraphBuilder build;
  const auto arm = build.robot("arm", 7);
  for (int i = 0; i < worlds; ++i) {
    const auto world = build.world("room_" + std::to_string(i), arm);
    for (int j = 0; j < skills; ++j)
      build.skill("act_" + std::to_string(i) + "_" + std::to_string(j), world,
                  {{"near", 1}, {"effort", -0.1}});
  }
  return std::move(build.graph);
}

TEST(Pictures, OfThirtySkillsFitAPage) {
  const TemporaryFolder folder;
  for (const PolicyGraph& graph :
       {thirty_skills_graph(), many_worlds(1, 30), many_worlds(10, 3), many_worlds(30, 1)})
    for (const std::string& dot : {hierarchy_dot(graph), plan_dot(plan_of(graph))}) {
      ASSERT_TRUE(draw(dot, folder.path() / "x.png"));
      EXPECT_LT(width_to_height(folder.path() / "x.png"), 2.2);
      EXPECT_GT(width_to_height(folder.path() / "x.png"), 0.45);
    }
}

TEST(Pictures, OfTenThousandSkillsAreLimited) {
  const TemporaryFolder folder;
  const std::string dot = hierarchy_dot(many_worlds(10, 1000));
  EXPECT_THAT(dot, HasSubstr("9700 skills more"));
  EXPECT_TRUE(draw(dot, folder.path() / "x.svg"));
}

TEST(Pictures, OfHostileNamesAreDrawn) {
  GraphBuilder build("<&\">.motet");
  const auto robot = build.robot("</TABLE>>];\"\\N\\", 2);
  const auto world = build.world("\x01\xff\xfe]]>&amp;&#0;\xEF\xBF\xBF\xE2\x80\xAE", robot);
  const auto a = build.skill("\"<b>&\\l\n\t" + std::string(500, 'x'), world,
                             {{"<IMG SRC=\"/etc/passwd\"/>", std::nan("")}});
  const auto b = build.skill("", world, {});
  build.composed("\\G\\E%s%n", build.both({build.part(a, -1e-300), build.part(b, INFINITY)}));
  build.imported("$(rm)", "/a/<b>&.x");
  const TemporaryFolder folder;
  for (const std::string& dot : {hierarchy_dot(build.graph), plan_dot(plan_of(build.graph))}) {
    const Status drawn = draw(dot, folder.path() / "x.svg");
    ASSERT_TRUE(drawn) << drawn.error().message;
    EXPECT_THAT(content(folder.path() / "x.svg"), Not(HasSubstr("<b>")));
    EXPECT_THAT(content(folder.path() / "x.svg"), HasSubstr("∖G∖E%s%n"));
  }
}

TEST(Pictures, OfNothingAreEmpty) {
  const TemporaryFolder folder;
  EXPECT_TRUE(draw(hierarchy_dot(PolicyGraph{}), folder.path() / "x.png"));
  EXPECT_TRUE(draw(plan_dot(Plan{}), folder.path() / "x.pdf"));
}

// --- errors ---

TEST(Draw, AnUnknownEndingNamesThoseThereAre) {
  const Status drawn = draw("digraph {}", "x.jpg");
  ASSERT_FALSE(drawn);
  for (const char* ending : {".svg", ".png", ".pdf", ".dot", "x.jpg"})
    EXPECT_THAT(drawn.error().message, HasSubstr(ending));
  EXPECT_FALSE(draw("digraph {}", "x"));
}

TEST(Draw, WhatGraphvizSaysIsAnErrorAndNotPrinted) {
  const TemporaryFolder folder;
  ::testing::internal::CaptureStderr();
  const Status drawn = draw("digraph { a -> ", folder.path() / "x.svg");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(drawn);
  EXPECT_THAT(drawn.error().message, HasSubstr("syntax error"));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Draw, AFileThatCannotBeWrittenIsAnError) {
  const TemporaryFolder folder;
  for (const char* name : {"nowhere/x.dot", "nowhere/x.svg"}) {
    const Status drawn = draw("digraph {}", folder.path() / name);
    ASSERT_FALSE(drawn);
    EXPECT_THAT(drawn.error().message, HasSubstr(name));
  }
  fs::create_directories(folder.path() / "folder.dot" / "full");
  EXPECT_FALSE(draw("digraph {}", folder.path() / "folder.dot"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(Draw, TheOldFileStaysWhereTheNewOneFails) {
  const TemporaryFolder folder;
  const fs::path file = folder.write("x.svg", "old");
  EXPECT_FALSE(draw("digraph {", file));
  EXPECT_EQ(content(file), "old");
}

}  // namespace
}  // namespace motet::testing
