// Names across files.

#include "check_fixture.h"

namespace motet::testing {
namespace {

std::vector<std::string> found(const std::string& text, const std::map<std::string, std::string>& files) {
  return Checked(text, files).findings();
}

TEST(CheckModules, AnImportBringsItsNames) {
  EXPECT_THAT(found("import \"plane.motet\"\nskill s { in plane maximize near }\n",
                    {{"plane.motet", plane + "reward near = -norm(qpos)\n"}}),
              IsEmpty());
}

TEST(CheckModules, AnAliasQualifiesThem) {
  const std::map<std::string, std::string> files = {
      {"plane.motet", plane + "reward near = -norm(qpos)\nreward at(x) = -norm(qpos - x)\nlet far = (5, 0)\n"
                              "skill go { in plane maximize near learn sac { temperature 1 } }\n"}};
  EXPECT_THAT(
      found("import \"plane.motet\" as mine\n"
            "world other { robot mine.dot horizon 10 steps }\n"
            "skill s { in mine.plane maximize mine.near + mine.at(mine.far) learn sac { temperature 1 } }\n"
            "skill t = s & mine.go\n",
            files),
      IsEmpty());
  EXPECT_THAT(found("import \"plane.motet\" as mine\nskill s { in plane maximize near }\n", files),
              UnorderedElementsAre("M0304 plane", "M0301 near"));
}

TEST(CheckModules, ImportsOfImportsAreNotSeen) {
  EXPECT_THAT(found("import \"b.motet\"\nlet x = a\n",
                    {{"a.motet", "let a = 1\n"}, {"b.motet", "import \"a.motet\"\nlet b = a\n"}}),
              ElementsAre("M0301 a"));
}

TEST(CheckModules, OnesOwnNamesComeFirst) {
  const Checked checked(
      "import \"plane.motet\"\nreward near = norm(qpos)\nskill s { in plane maximize near }\n",
      {{"plane.motet", plane + "reward near = -norm(qpos)\n"}});
  EXPECT_THAT(checked.findings(), IsEmpty());
  const Environment& environment = *checked.skill("s").environment;
  EXPECT_EQ(to_text(environment.terms, *environment.reward), "norm(qpos)");
}

TEST(CheckModules, ANameFromTwoImportsIsAmbiguousWhereItIsUsed) {
  const std::map<std::string, std::string> files = {{"a.motet", "let goal = 1\n"},
                                                    {"b.motet", "let goal = 2\n"}};
  EXPECT_THAT(found("import \"a.motet\"\nimport \"b.motet\"\n", files), IsEmpty());
  const Checked checked("import \"a.motet\"\nimport \"b.motet\"\nlet x = goal\n", files);
  EXPECT_THAT(checked.findings(), ElementsAre("M0303 goal"));
  EXPECT_THAT(checked.labels(), ElementsAre("goal", "goal"));
}

TEST(CheckModules, ErrorsOfAllFilesAreReported) {
  EXPECT_THAT(found("import \"a.motet\"\nlet x = nowhere\n", {{"a.motet", "let y = nothing\n"}}),
              UnorderedElementsAre("M0301 nowhere", "M0301 nothing"));
}

// A let means what it meant where it was written.
TEST(CheckModules, BodiesAreReadInTheirOwnFile) {
  const Checked checked(
      "import \"a.motet\"\n" + plane + "let scale = 7\nskill s { in plane maximize scaled }\n",
      {{"a.motet", "let scale = 2\nreward scaled = scale * norm(qpos)\n"}});
  EXPECT_THAT(checked.findings(), IsEmpty());
  const Environment& environment = *checked.skill("s").environment;
  EXPECT_EQ(to_text(environment.terms, *environment.reward), "2 * norm(qpos)");
}

TEST(CheckModules, OnlyTheMainFilesSkillsAreInTheGraph) {
  const std::map<std::string, std::string> files = {
      {"a.motet",
       plane + "skill one { in plane maximize norm(qpos) }\nskill two { in plane maximize norm(qpos) }\n"}};
  const Checked checked("import \"a.motet\"\nskill up over one { in plane maximize norm(qpos) }\n", files);
  ASSERT_TRUE(checked.graph) << checked.rendered();
  EXPECT_NE(checked.graph->find_skill("one"), nullptr);
  EXPECT_EQ(checked.graph->find_skill("two"), nullptr);
  EXPECT_EQ(checked.graph->skills[*checked.skill("up").over].name, "one");
}

TEST(CheckModules, WorldsOfTheSameNameAreToldApart) {
  const Checked checked("import \"a.motet\" as mine\n" + plane +
                            "skill s { in plane maximize norm(qpos) }\n"
                            "skill t { in mine.plane maximize norm(qpos) }\n",
                        {{"a.motet", plane}});
  ASSERT_TRUE(checked.graph) << checked.rendered();
  EXPECT_EQ(checked.graph->worlds[checked.skill("s").environment->world].name, "plane");
  EXPECT_EQ(checked.graph->worlds[checked.skill("t").environment->world].name, "mine.plane");
}

}  // namespace
}  // namespace motet::testing
