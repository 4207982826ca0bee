// Lengths, truths, parts and units.

#include "check_fixture.h"

namespace motet::testing {
namespace {

// What is wrong with the value of a let on the arm's table.
std::vector<std::string> found(const std::string& expression) {
  return found_on_table("let it = " + expression + "\n");
}

TEST(CheckTypes, LengthsMustAgree) {
  EXPECT_THAT(found("body(puck).pos + qpos"), ElementsAre("M0401 +"));
  EXPECT_THAT(Checked(table + "let it = body(puck).pos + qpos\n", arm_files).labels(),
              ElementsAre("body(puck).pos", "qpos"));
  EXPECT_THAT(found("distance(body(puck).pos, site(tip).pos.xy)"), ElementsAre("M0401 distance"));
  EXPECT_THAT(found("dot((1, 2, 3), (1, 2))"), ElementsAre("M0401 dot"));
  EXPECT_THAT(found("max((1, 2, 3), (1, 2))"), ElementsAre("M0401 max"));
}

TEST(CheckTypes, ScalarsGoWithVectors) {
  EXPECT_THAT(found("2 * body(puck).pos - 1"), IsEmpty());
  EXPECT_THAT(found("clip(qpos, -1, 1)"), IsEmpty());
  EXPECT_THAT(found("max(qpos, 0)"), IsEmpty());
}

TEST(CheckTypes, AVectorOfOneIsAScalar) {
  EXPECT_THAT(found("body(puck).pos + body(puck).pos.z"), IsEmpty());
  EXPECT_THAT(found("body(puck).pos + qpos[0..1]"), IsEmpty());
}

TEST(CheckTypes, PartsMustExist) {
  EXPECT_THAT(found("site(tip).pos.w"), ElementsAre("M0403 w"));
  EXPECT_THAT(found("site(tip).pos[3]"), ElementsAre("M0403 [3]"));
  EXPECT_THAT(found("site(tip).pos[2..2]"), ElementsAre("M0403 [2..2]"));
  EXPECT_THAT(found("site(tip).pos[1..4]"), ElementsAre("M0403 [1..4]"));
  EXPECT_THAT(found("site(tip).pos[3..]"), ElementsAre("M0403 [3..]"));
  EXPECT_THAT(found("site(tip).pos[1..] + site(tip).pos[..2] + site(tip).pos.zx"), IsEmpty());
  EXPECT_THAT(found("site(tip).pos.r"), ElementsAre("M0305 r"));
}

// The scalar part of a quaternion is stored first.
TEST(CheckTypes, PartsOfQuaternions) {
  EXPECT_EQ(reward_text(table, "body(puck).quat.w"), "body(puck).quat[0]");
  EXPECT_EQ(reward_text(table, "body(puck).quat.z"), "body(puck).quat[3]");
  EXPECT_EQ(reward_text(table, "body(puck).quat[1]"), "body(puck).quat[1]");
}

TEST(CheckTypes, TruthsAreNoNumbers) {
  EXPECT_THAT(found("1 + (qpos[0] > 2)"), ElementsAre("M0402 (qpos[0] > 2)"));
  EXPECT_THAT(found("1 if qpos[0] else 2"), ElementsAre("M0402 qpos[0]"));
  EXPECT_THAT(found("not qpos[0]"), ElementsAre("M0402 qpos[0]"));
  EXPECT_THAT(found("qpos[0] > 1 and qpos[1]"), ElementsAre("M0402 qpos[1]"));
  EXPECT_THAT(found("qpos[0] > 1 == (qpos[1] > 1)"), ElementsAre("M0101 =="));
  EXPECT_THAT(found("(qpos[0] > 1) == (qpos[1] > 1)"), IsEmpty());
  EXPECT_THAT(found("\"text\""), ElementsAre("M0402 \"text\""));
  EXPECT_THAT(found("[1, 2]"), ElementsAre("M0402 [1, 2]"));
}

TEST(CheckTypes, ConditionsAreOneTruth) {
  EXPECT_THAT(found_in_world("end when qpos > 1"), ElementsAre("M0404 qpos > 1"));
  EXPECT_THAT(found_in_world("end when max(qpos)"), ElementsAre("M0402 max(qpos)"));
  EXPECT_THAT(found_in_world("success when max(qpos) > 1"), IsEmpty());
}

TEST(CheckTypes, RewardsAreOneNumber) {
  EXPECT_THAT(found_on_table("reward r = qpos\n"), ElementsAre("M0404 qpos"));
  EXPECT_THAT(found_on_table("reward r = qpos[0] > 1\n"), ElementsAre("M0402 qpos[0] > 1"));
  EXPECT_THAT(found_on_table("skill s { in table maximize body(puck).pos }\n"),
              ElementsAre("M0404 body(puck).pos"));
}

TEST(CheckTypes, MeasuresTakeTruths) {
  EXPECT_THAT(found_in_world("success when qpos[0] > 1 measure done = success at max"), IsEmpty());
  EXPECT_THAT(found_in_world("measure all = qpos at end"), ElementsAre("M0404 qpos"));
}

TEST(CheckTypes, ConstantsAreFinite) {
  EXPECT_THAT(found("1 / 0"), ElementsAre("M0414 1 / 0"));
  EXPECT_THAT(found("log(-1)"), ElementsAre("M0414 log(-1)"));
  EXPECT_THAT(found("qpos[0] / 0"), IsEmpty());  // not a constant
}

// --- units --------------------------------------------------------------------------------------

TEST(CheckTypes, WrittenUnitsAreChecked) {
  EXPECT_THAT(found("body(puck).pos.x < 45 deg"), ElementsAre("M0405 <"));
  EXPECT_THAT(Checked(table + "let it = body(puck).pos.x < 45 deg\n", arm_files).labels(),
              ElementsAre("body(puck).pos.x", "45 deg"));
  EXPECT_THAT(found("time > 5 m"), ElementsAre("M0405 >"));
  EXPECT_THAT(found("max(joint(elbow).torque, 3 m)"), ElementsAre("M0405 max"));
  EXPECT_THAT(found("0.3 m + 2 s"), ElementsAre("M0405 +"));
  EXPECT_THAT(found("clip(joint(elbow).pos, -1 m, 1 m)"), ElementsAre("M0405 clip"));
  EXPECT_THAT(found("norm(body(puck).vel) < 1 m"), ElementsAre("M0405 <"));
  EXPECT_THAT(found("rate(body(puck).pos.x) < 1 m"), ElementsAre("M0405 <"));
  EXPECT_THAT(found("sin(0.3 m)"), ElementsAre("M0405 0.3 m"));
}

TEST(CheckTypes, UnitsThatAgree) {
  EXPECT_THAT(found("body(puck).pos.x < 30 cm"), IsEmpty());
  EXPECT_THAT(found("joint(elbow).pos > 45 deg"), IsEmpty());
  EXPECT_THAT(found("joint(puck_x).pos > 10 mm"), IsEmpty());
  EXPECT_THAT(found("norm(body(puck).vel) < 0.5 m / 1 s"), IsEmpty());
  EXPECT_THAT(found("body(puck).pos.x + body(puck).vel.x * 0.5 s < 0.3 m"), IsEmpty());
  EXPECT_THAT(found("sqrt(body(puck).pos.x ^ 2) < 2 * 0.3 m"), IsEmpty());
  EXPECT_THAT(found("joint(elbow).torque < 5 Nm and joint(puck_x).torque < 5 N"), IsEmpty());
  EXPECT_THAT(found("contact(puck, hand) > 2 N"), IsEmpty());
}

TEST(CheckTypes, PlainNumbersFitEverything) {
  EXPECT_THAT(found("body(puck).pos.x + joint(elbow).pos - 0.1 * time + 3"), IsEmpty());
  EXPECT_THAT(found("gauss(body(puck).pos.x, 0.1 m) + gauss(body(puck).pos.x, 0.1)"), IsEmpty());
}

TEST(CheckTypes, UnitsBecomeSi) {
  EXPECT_EQ(reward_text(table, "joint(elbow).pos - 180 deg"), "joint(elbow).pos - 3.141592653589793");
  EXPECT_EQ(reward_text(table, "joint(puck_x).pos - 30 cm"), "joint(puck_x).pos - 0.3");
  EXPECT_EQ(reward_text(table, "time - 50 ms + qpos[0]"), "time - 0.05 + qpos[0]");
}

TEST(CheckTypes, StepsAreNoQuantity) {
  EXPECT_THAT(found("time > 3 steps"), ElementsAre("M0406 steps"));
}

}  // namespace
}  // namespace motet::testing
