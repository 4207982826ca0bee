#include "compiler/observation_units.h"

#include "check_fixture.h"

namespace motet::testing {
namespace {

using Units = std::vector<std::string>;

// A joint of each kind.
const std::string cart_model = R"(<mujoco>
  <option timestep="0.01"/>
  <worldbody>
    <body name="cart"><joint name="rail" type="slide" axis="1 0 0"/><geom name="cart" size="0.1"/>
      <body name="rod" pos="0 0 1"><joint name="pivot" axis="0 1 0"/><geom name="rod" size="0.1"/>
        <body name="head" pos="0 0 1"><joint name="neck" type="ball"/><geom name="head" size="0.1"/></body></body></body>
    <body name="puck" pos="0 0 5"><freejoint name="loose"/><geom name="puck" size="0.1"/></body>
  </worldbody>
  <actuator><motor name="rail" joint="rail" ctrllimited="true" ctrlrange="-2 2"/></actuator>
  <sensor><jointpos name="bend" joint="pivot"/></sensor>
</mujoco>
)";

Units units_of(const Checked& checked) {
  const Environment& environment = *checked.skill("s").environment;
  const WorldNode& world = checked.graph->worlds[environment.world];
  return observation_units(environment, world.model.get(), checked.graph->robots[world.robot].control_period);
}

// Of what is observed in the cart's world.
Units units(const std::string& observed, const std::string& items = "") {
  return units_of(
      Checked("robot cart { model \"cart.xml\" act motors control 20 Hz }\n"
              "world track { robot cart horizon 30 steps " +
                  items + " observe " + observed +
                  " }\n"
                  "skill s { in track maximize norm(qpos) }\n",
              {{"cart.xml", cart_model}}));
}

Units times(std::size_t count, const std::string& unit) {
  return Units(count, unit);
}

TEST(ObservationUnits, TheStateHasThoseOfItsJoints) {
  EXPECT_THAT(units("qpos"), ElementsAre("m", "rad", "", "", "", "", "m", "m", "m", "", "", "", ""));
  EXPECT_THAT(units("qvel"), ElementsAre("m/s", "rad/s", "rad/s", "rad/s", "rad/s", "m/s", "m/s", "m/s",
                                         "rad/s", "rad/s", "rad/s"));
  EXPECT_THAT(units("qvel[..2], qpos[..2]"), ElementsAre("m/s", "rad/s", "m", "rad"));
}

TEST(ObservationUnits, JointsHaveThoseOfTheirKind) {
  EXPECT_THAT(units("joint(rail).pos, joint(rail).vel, joint(rail).torque"), ElementsAre("m", "m/s", "N"));
  EXPECT_THAT(units("joint(pivot).pos, joint(pivot).vel, joint(pivot).torque"),
              ElementsAre("rad", "rad/s", "Nm"));
  EXPECT_EQ(units("joint(neck).pos"), times(4, ""));
  EXPECT_EQ(units("joint(neck).torque"), times(3, "Nm"));
  EXPECT_THAT(units("joint(loose).torque"), ElementsAre("N", "N", "N", "Nm", "Nm", "Nm"));
}

TEST(ObservationUnits, OtherSignals) {
  EXPECT_EQ(units("body(rod).pos"), times(3, "m"));
  EXPECT_EQ(units("body(rod).vel"), times(3, "m/s"));
  EXPECT_EQ(units("body(rod).angvel"), times(3, "rad/s"));
  EXPECT_EQ(units("com.vel"), times(3, "m/s"));
  EXPECT_EQ(units("body(rod).quat"), times(4, ""));
  EXPECT_THAT(units("time, body(rod).yaw, contact(rod, puck)"), ElementsAre("s", "rad", "N"));
  EXPECT_THAT(units("body(rod).up.z, action, sensor(bend)"), ElementsAre("", "", ""));
}

TEST(ObservationUnits, APointIsInMetres) {
  const Checked checked(
      "robot dot { model point(2) observe qpos, qvel act motors control 10 Hz }\n"
      "world plane { robot dot horizon 30 steps }\n"
      "skill s { in plane maximize norm(qpos) }\n");
  EXPECT_THAT(units_of(checked), ElementsAre("m", "m", "m/s", "m/s"));
}

TEST(ObservationUnits, PlainFactorsKeepThem) {
  EXPECT_THAT(units("0.1 * qvel[..2]"), ElementsAre("m/s", "rad/s"));
  EXPECT_THAT(units("qvel[..2] / 10"), ElementsAre("m/s", "rad/s"));
  EXPECT_EQ(units("body(rod).pos.xy * (cos(qpos[1]), body(rod).up.z)"), times(2, "m"));
  EXPECT_THAT(units("dot(body(rod).up, body(rod).pos)"), ElementsAre("m"));
  EXPECT_THAT(units("-qpos[0], abs(qpos[1]), clip(qvel[0], -1, 1)"), ElementsAre("m", "rad", "m/s"));
}

TEST(ObservationUnits, FunctionsOfNumbersHaveNone) {
  EXPECT_EQ(units("cos(qpos[1]), sin(qpos[1]), tanh(qvel[0]), exp(-qpos[0])"), times(4, ""));
  EXPECT_EQ(units("gauss(qpos[0], 0.5), sign(qpos[0]), 1 if qpos[0] > 0 else 0"), times(3, ""));
}

TEST(ObservationUnits, AnglesAreToldFromNumbers) {
  EXPECT_THAT(units("atan2(body(rod).pos.y, body(rod).pos.x), angle(qpos[1] - 3)"),
              ElementsAre("rad", "rad"));
  EXPECT_THAT(units("angle(body(rod).pos, body(head).pos)"), ElementsAre("rad"));
  EXPECT_THAT(units("qpos[1] / joint(pivot).pos, qpos[0] / norm(body(rod).pos)"), ElementsAre("", ""));
  EXPECT_THAT(units("qvel[1] * time, qvel[1] * qpos[0], qvel[1] ^ 2"),
              ElementsAre("rad", "m/s", "rad^2 s^-2"));
  EXPECT_THAT(units("qvel[1] ^ 2 * qpos[0], qvel[0] / qpos[0], sqrt(qvel[1] ^ 2)"),
              ElementsAre("m/s^2", "s^-1", "rad/s"));
}

TEST(ObservationUnits, ProductsAndRoots) {
  EXPECT_THAT(units("dot(body(rod).pos, body(rod).vel), norm(body(rod).pos)"), ElementsAre("m^2 s^-1", "m"));
  EXPECT_THAT(units("qpos[0] ^ 2, qpos[0] ^ 3, sqrt(qpos[0] ^ 2 + body(rod).pos.z ^ 2)"),
              ElementsAre("m^2", "m^3", "m"));
}

TEST(ObservationUnits, SumsAndChoicesHaveOneThatIsCommon) {
  EXPECT_EQ(units("body(rod).pos - body(puck).pos"), times(3, "m"));
  EXPECT_EQ(units("distance(body(rod).pos, body(puck).pos), max(body(rod).pos), mean(body(rod).pos)"),
            times(3, "m"));
  EXPECT_THAT(units("qpos[0] if time > 1 else 0, min(qpos[0], body(rod).pos.z)"), ElementsAre("m", "m"));
  EXPECT_THAT(units("qpos[0] + qvel[0], qpos[0] + sensor(bend)"), ElementsAre("", ""));
}

TEST(ObservationUnits, LookingBack) {
  EXPECT_THAT(units("rate(qpos[..2])"), ElementsAre("m/s", "rad/s"));
  EXPECT_THAT(units("previous(qpos[..2]), qpos[0] - previous(qpos[0])"), ElementsAre("m", "rad", "m"));
  EXPECT_THAT(units("last 2 { qpos[0], qvel[1] }"), ElementsAre("m", "rad/s", "m", "rad/s"));
}

TEST(ObservationUnits, OfASampleAreThoseThatItIsDrawnWith) {
  const std::string goal = "sample goal = uniform((-1, -1), (1, 1))";
  EXPECT_EQ(units("goal", goal), times(2, ""));
  EXPECT_EQ(units("goal - body(rod).pos.xy", goal), times(2, "m"));
  EXPECT_EQ(units("start", "sample start = body(rod).pos + normal((0, 0, 0), 0.1)"), times(3, "m"));
  EXPECT_THAT(units("either", "sample either = choice(qpos[..2], qpos[..2] + 1)"), ElementsAre("m", "rad"));
}

// The paths through these terms are more than can be walked.
TEST(ObservationUnits, SharedTermsAreWalkedOnce) {
  Environment environment;
  TermId sum = environment.terms.signal({SignalKind::qpos, "", "", 1});
  for (int i = 0; i < 100'000; ++i) sum = environment.terms.operation(Op::add, {sum, sum});
  environment.observation = sum;
  EXPECT_THAT(observation_units(environment, nullptr, 0.1), ElementsAre("m"));
}

}  // namespace
}  // namespace motet::testing
