// Names: scopes, imports, clashes, circles, what is meant instead.

#include "check_fixture.h"

namespace motet::testing {
namespace {

TEST(CheckNames, AnUnknownNameIsReportedWhereItStands) {
  EXPECT_THAT(found_in_plane("let x = norm(qpos) + gaol.x\n"), ElementsAre("M0301 gaol"));
}

TEST(CheckNames, ANearNameIsSuggested) {
  const Checked checked(plane + "reward r = -distance(qpos, gaol)\n");
  EXPECT_EQ(checked.fixed(), plane + "reward r = -distance(qpos, goal)\n");
}

// A misspelt world is like a world, not like a reward of a nearer name.
TEST(CheckNames, SuggestionsAreOfTheRightKind) {
  const Checked checked(plane + "reward plant = -norm(qpos)\nskill s { in plant maximize plant }\n");
  EXPECT_THAT(checked.findings(), ElementsAre("M0304 plant"));
  EXPECT_NE(checked.fixed().find("in plane maximize plant"), std::string::npos);
}

TEST(CheckNames, JointsAreSuggestedForJoints) {
  const Checked checked(table + "reward r = joint(elbw).pos\n", arm_files);
  EXPECT_THAT(checked.findings(), ElementsAre("M0502 elbw"));
  EXPECT_EQ(checked.fixed(), table + "reward r = joint(elbow).pos\n");
}

TEST(CheckNames, AllErrorsComeInOnePass) {
  EXPECT_THAT(found_in_plane("let a = b\nreward c = d\nskill e { in f maximize g + goal.x }\n"),
              UnorderedElementsAre("M0301 b", "M0301 d", "M0304 f", "M0301 g"));
}

TEST(CheckNames, AnErrorIsReportedOnceHoweverOftenItIsUsed) {
  EXPECT_THAT(found_in_plane("let a = nothing + 1\nlet b = a * a\nreward r = a + b\n"
                             "skill s { in plane maximize r }\nskill t { in plane maximize r + a }\n"),
              ElementsAre("M0301 nothing"));
}

TEST(CheckNames, TheSameNameForTwoValuesIsAClash) {
  const Checked checked(plane + "let a = 1\nreward a = norm(qpos)\n");
  EXPECT_THAT(checked.findings(), ElementsAre("M0302 a"));
  EXPECT_THAT(checked.labels(), ElementsAre("a"));
}

TEST(CheckNames, ASkillAndARewardMayShareAName) {
  EXPECT_THAT(found_in_plane("reward reach = -norm(qpos)\nskill reach { in plane maximize reach }\n"),
              IsEmpty());
}

TEST(CheckNames, ASampleAndALetClash) {
  EXPECT_THAT(found_in_plane("let goal = (1, 2)\n"), ElementsAre("M0302 goal"));
}

TEST(CheckNames, SignalsCannotBeDeclared) {
  EXPECT_THAT(found_in_plane("let time = 3\n"), ElementsAre("M0309 time"));
  EXPECT_THAT(found_in_plane("let f(qpos) = qpos\n"), ElementsAre("M0309 qpos"));
  EXPECT_THAT(found_in_plane("let norm(x) = x\n"), ElementsAre("M0309 norm"));
}

TEST(CheckNames, AValueMayShareANameWithAFunction) {
  EXPECT_THAT(found_in_plane("let distance = distance(qpos, goal)\nreward r = -distance\n"
                             "skill s { in plane maximize r }\n"),
              IsEmpty());
}

TEST(CheckNames, TwoParametersOfOneNameClash) {
  EXPECT_THAT(found_in_plane("let f(x, x) = x\n"), ElementsAre("M0302 x"));
}

TEST(CheckNames, ParametersHideDeclarations) {
  EXPECT_EQ(reward_text(plane + "let x = 100\nlet f(x) = x * norm(qpos)\n", "f(2)"),
            reward_text(plane, "2 * norm(qpos)"));
}

// --- circles ------------------------------------------------------------------------------------

TEST(CheckNames, ACircleOfLetsIsReportedOnce) {
  EXPECT_THAT(found_in_plane("let a = b\nlet b = c + 1\nlet c = a\nreward r = a + norm(qpos)\n"
                             "skill s { in plane maximize r }\n"),
              ElementsAre("M0306 a"));
}

TEST(CheckNames, TheRestOfACircleIsCheckedToo) {
  EXPECT_THAT(found_in_plane("let a = b + gaol\nlet b = a + norm(qpso)\n"),
              UnorderedElementsAre("M0306 a", "M0301 gaol", "M0301 qpso"));
  EXPECT_THAT(found_in_plane("skill a over b { in plan maximize norm(qpos) }\nskill b = a & a\n"),
              UnorderedElementsAre("M0201 a", "M0304 plan"));
}

TEST(CheckNames, AFunctionOfItselfIsACircle) {
  EXPECT_THAT(found_in_plane("let f(x) = 1 + f(x - 1)\n"), ElementsAre("M0306 f"));
}

TEST(CheckNames, AParameterOfTheNameIsNoCircle) {
  EXPECT_THAT(found_in_plane("let a(a) = a\n"), IsEmpty());
}

// --- arguments ----------------------------------------------------------------------------------

TEST(CheckNames, ArgumentsAreCounted) {
  EXPECT_THAT(found_in_plane("let f(x) = x\nlet a = f(1, 2)\n"), ElementsAre("M0307 f(1, 2)"));
  EXPECT_THAT(found_in_plane("let f(x) = x\nlet a = f\n"), ElementsAre("M0307 f"));
  EXPECT_THAT(found_in_plane("let f = 1\nlet a = f(2)\n"), ElementsAre("M0307 f(2)"));
  EXPECT_THAT(found_in_plane("let a = norm(1, 2)\n"), ElementsAre("M0307 norm(1, 2)"));
  EXPECT_THAT(found_in_plane("let a = atan2(1)\n"), ElementsAre("M0307 atan2(1)"));
}

TEST(CheckNames, UnknownFunctionsAreReportedAndTheirArgumentsChecked) {
  EXPECT_THAT(found_in_plane("let a = nrom(qpso)\n"), UnorderedElementsAre("M0308 nrom", "M0301 qpso"));
}

TEST(CheckNames, NamedArgumentsAreKnown) {
  EXPECT_THAT(found_in_plane("reward r = gauss(norm(qpos), width 2)\n"), IsEmpty());
  EXPECT_THAT(found_in_plane("reward r = gauss(norm(qpos), breadth 2)\n"), ElementsAre("M0307 breadth"));
}

// --- what is not used ---------------------------------------------------------------------------

TEST(CheckNames, UnusedDeclarationsAreCheckedToo) {
  EXPECT_THAT(found_in_plane("let f(x) = x + nothing\n"), ElementsAre("M0301 nothing"));
  EXPECT_THAT(found_in_plane("reward r(x) = norm(qpos - x) + qpos\n"), IsEmpty());  // x may be a vector
  EXPECT_THAT(found_in_plane("skill s(x) { in plane maximize norm(qpos - x) + nothing }\n"),
              ElementsAre("M0301 nothing"));
  EXPECT_THAT(found_on_table("reward r = body(nobody).pos.x\n"), ElementsAre("M0502 nobody"));
}

// A reward that fits one of the worlds is right, whatever it would be in the others.
TEST(CheckNames, AnUnusedRewardNeedsOneWorld) {
  const std::string worlds = plane + "world bare { robot dot horizon 30 steps }\n";
  EXPECT_THAT(Checked(worlds + "reward r = norm(goal)\n").findings(), IsEmpty());
}

TEST(CheckNames, AProgramWithoutWorldsIsChecked) {
  EXPECT_THAT(Checked("let f(x) = norm(x) + y\n").findings(), ElementsAre("M0301 y"));
  EXPECT_THAT(Checked("reward r = body(any).pos.x + qpos[7]\n").findings(), IsEmpty());
}

// --- syntax errors do not cascade ---------------------------------------------------------------

TEST(CheckNames, WhatDidNotParseIsNotUnknown) {
  const auto findings = found_in_plane("reward near = -norm(qpos\nskill s { in plane maximize near }\n");
  for (const std::string& finding : findings) EXPECT_TRUE(finding.starts_with("M01")) << finding;
}

TEST(CheckNames, WhatAMissingImportMayBringIsNotUnknown) {
  const Checked checked(
      "import robots.nowhere\nworld w { robot thing horizon 30 steps }\nlet a = b + f(2)\n");
  EXPECT_THAT(checked.findings(), ElementsAre("M0010 robots.nowhere"));
}

}  // namespace
}  // namespace motet::testing
