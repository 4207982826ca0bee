// Signals and functions: what they become, and what they need.

#include "check_fixture.h"

namespace motet::testing {
namespace {

std::vector<std::string> found(const std::string& expression) {
  return found_on_table("let it = " + expression + "\n");
}
std::string on_table(const std::string& expression) {
  return reward_text(table, expression);
}

// The number of numbers in an expression on the arm's table.
std::uint32_t length(const std::string& expression) {
  const Checked checked(table + "skill s { in table maximize norm(" + expression + ") + norm(qpos) }\n" +
                            "world seen { robot arm horizon 30 steps observe " + expression + " }\n" +
                            "skill t { in seen maximize norm(qpos) }\n",
                        arm_files);
  if (!checked.graph) {
    ADD_FAILURE() << checked.rendered();
    return 0;
  }
  const auto observed = [&](const char* skill) {
    const Environment& environment = *checked.skill(skill).environment;
    return environment.terms[environment.observation].length;
  };
  return observed("t") - observed("s");
}

TEST(CheckSignals, HaveTheModelsLengths) {
  EXPECT_EQ(length("qpos"), 11u);  // two hinges, two slides, a free joint
  EXPECT_EQ(length("qvel"), 10u);
  EXPECT_EQ(length("action"), 2u);
  EXPECT_EQ(length("time"), 1u);
  EXPECT_EQ(length("body(puck).quat"), 4u);
  EXPECT_EQ(length("body(puck).up"), 3u);
  EXPECT_EQ(length("body(puck).roll"), 1u);
  EXPECT_EQ(length("body(puck).angvel"), 3u);
  EXPECT_EQ(length("joint(loose).pos"), 7u);
  EXPECT_EQ(length("joint(loose).vel"), 6u);
  EXPECT_EQ(length("joint(elbow).torque"), 1u);
  EXPECT_EQ(length("sensor(bend)"), 1u);
  EXPECT_EQ(length("sensor(where)"), 3u);
  EXPECT_EQ(length("contact(puck, hand)"), 1u);
  EXPECT_EQ(length("com.vel"), 3u);
  EXPECT_EQ(length("last 6 { qpos[0..2], action }"), 24u);
}

TEST(CheckSignals, NamesAreTheModels) {
  EXPECT_THAT(found("body(leg).pos"), ElementsAre("M0502 leg"));
  EXPECT_THAT(found("site(toe).pos"), ElementsAre("M0502 toe"));
  EXPECT_THAT(found("sensor(eye)"), ElementsAre("M0502 eye"));
  EXPECT_THAT(found("contact(puck, foot)"), ElementsAre("M0502 foot"));
  EXPECT_THAT(found("body(\"left hand\").pos"), IsEmpty());
  EXPECT_THAT(found("body(\"right hand\").pos"), ElementsAre("M0502 \"right hand\""));
}

TEST(CheckSignals, MembersAreKnown) {
  EXPECT_THAT(found("body(puck).position"), ElementsAre("M0305 position"));
  EXPECT_THAT(found("joint(elbow).angle"), ElementsAre("M0305 angle"));
  EXPECT_THAT(found("site(tip).vel"), ElementsAre("M0305 vel"));
  EXPECT_THAT(found("com.mass"), ElementsAre("M0305 mass"));
  EXPECT_THAT(found("body(puck)"), ElementsAre("M0305 body(puck)"));
  EXPECT_THAT(found("com"), ElementsAre("M0305 com"));
}

TEST(CheckSignals, ElementsAreNamed) {
  EXPECT_THAT(found("body(1).pos"), ElementsAre("M0307 1"));
  EXPECT_THAT(found("body(puck, ball).pos"), ElementsAre("M0307 body(puck, ball)"));
  EXPECT_THAT(found("contact(puck)"), ElementsAre("M0307 contact(puck)"));
}

TEST(CheckSignals, APointHasAPositionAndAVelocity) {
  EXPECT_THAT(found_in_plane("let it = qpos + qvel + action\n"), IsEmpty());
  EXPECT_THAT(found_in_plane("let it = body(dot).pos\n"), ElementsAre("M0503 body(dot)"));
  EXPECT_THAT(found_in_plane("let it = com.pos\n"), ElementsAre("M0503 com.pos"));
  EXPECT_THAT(found_in_plane("let it = contact(a, b)\n"), ElementsAre("M0503 contact(a, b)"));
}

TEST(CheckSignals, Functions) {
  EXPECT_EQ(on_table("distance(site(tip).pos, body(puck).pos)"), "norm(site(tip).pos - body(puck).pos)");
  EXPECT_EQ(on_table("angle(joint(elbow).pos)"), "angle(joint(elbow).pos)");
  EXPECT_EQ(on_table("clip(qpos[0], -1, 2)"), "min(max(qpos[0], -1), 2)");
  EXPECT_EQ(on_table("gauss(qpos[0])"), "exp(-0.5 * (qpos[0] * qpos[0]))");
  EXPECT_EQ(on_table("gauss(qpos[0], 2)"), "exp(-0.5 * (qpos[0] / 2 * (qpos[0] / 2)))");
  EXPECT_EQ(on_table("gauss(qpos[0], width 2)"), on_table("gauss(qpos[0], 2)"));
  EXPECT_EQ(on_table("rate(qpos[0])"), "(qpos[0] - previous(qpos[0])) / 0.05");
  EXPECT_EQ(on_table("mean(qpos[0], qpos[1])"), "(qpos[0] + qpos[1]) / 2");
  EXPECT_EQ(on_table("mean(qpos)"), "mean(qpos)");
  EXPECT_EQ(on_table("max(qpos)"), "max(qpos)");
  EXPECT_EQ(on_table("max(qpos[0], 1, qpos[1])"), "max(max(qpos[0], 1), qpos[1])");
  EXPECT_EQ(on_table("qpos[0] ^ 2"), "qpos[0] * qpos[0]");
  EXPECT_EQ(on_table("norm(qpos[0])"), "abs(qpos[0])");
}

TEST(CheckSignals, OperatorsBindAsWritten) {
  EXPECT_EQ(on_table("qpos[0] - 1 - 2 * qpos[1]"), "qpos[0] - 1 - 2 * qpos[1]");
  EXPECT_EQ(on_table("1 if qpos[0] > 1 and not qpos[1] > 2 else -qpos[0]"),
            "1 if qpos[0] > 1 and not qpos[1] > 2 else -qpos[0]");
}

// --- places -------------------------------------------------------------------------------------

TEST(CheckSignals, DistributionsAreDrawnAtResets) {
  EXPECT_THAT(found("uniform(0, 1)"), ElementsAre("M0312 uniform(0, 1)"));
  EXPECT_THAT(found("choice(0, 1)"), ElementsAre("M0312 choice(0, 1)"));
  EXPECT_THAT(found_in_world("observe normal(0, 1)"), ElementsAre("M0312 normal(0, 1)"));
}

TEST(CheckSignals, AResetHasNoStepBefore) {
  EXPECT_THAT(found_in_world("reset qpos = previous(qpos)"), ElementsAre("M0312 previous(qpos)"));
  EXPECT_THAT(found_in_world("reset qvel = rate(qvel)"), ElementsAre("M0312 rate(qvel)"));
  EXPECT_THAT(found_in_world("sample a = uniform(0, 1) + last 2 { qpos[0] } observe a"),
              ElementsAre("M0312 last 2 { qpos[0] }"));
}

TEST(CheckSignals, SuccessIsWhatTheWorldSays) {
  EXPECT_THAT(found_in_world("end when success"), ElementsAre("M0301 success"));
  EXPECT_THAT(found_in_world("success when success"), ElementsAre("M0312 success"));
  EXPECT_THAT(found_in_world("success when qpos[0] > 1 end when success"), IsEmpty());
}

TEST(CheckSignals, HistoriesAreCounted) {
  EXPECT_THAT(found("last 0 { qpos }"), ElementsAre("M0407 0"));
  EXPECT_THAT(found("last 9000 { qpos }"), ElementsAre("M0313 last 9000 { qpos }"));
}

TEST(CheckSignals, OneRobotDoesNotKnowTheSamplesOfItsWorlds) {
  EXPECT_THAT(
      Checked("robot dot { model point(2) observe goal act motors control 1 Hz }\n"
              "world plane { robot dot horizon 30 steps sample goal = uniform(-1, 1) observe goal }\n")
          .findings(),
      ElementsAre("M0301 goal"));
}

}  // namespace
}  // namespace motet::testing
