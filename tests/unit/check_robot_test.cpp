// Robots: models, control, actions, limits.

#include "check_fixture.h"

namespace motet::testing {
namespace {

Checked robot(const std::string& items) {
  return Checked("robot arm { model \"arm.xml\" observe qpos " + items + " }\n", arm_files);
}
const RobotNode& node(const Checked& checked) {
  if (!checked.graph) throw std::runtime_error(checked.rendered());
  return checked.graph->robots.at(0);
}
std::vector<std::string> actions(const Checked& checked) {
  std::vector<std::string> names;
  for (const ActionCoordinate& coordinate : node(checked).action) names.push_back(coordinate.name);
  return names;
}
std::vector<std::string> actuators(const Checked& checked) {
  std::vector<std::string> names;
  for (const ActuatorPlan& actuator : node(checked).actuators) names.push_back(actuator.name);
  return names;
}
std::map<std::string, std::string> drives(const Checked& checked) {
  std::map<std::string, std::string> texts;
  for (const DriveNode& drive : node(checked).drives)
    texts[drive.actuator] = to_text(node(checked).terms, drive.value);
  return texts;
}

TEST(CheckRobot, NeedsAModelActionsAndARate) {
  EXPECT_THAT(Checked("robot r { observe qpos }\n").findings(), ElementsAre("M0310 r"));
  EXPECT_EQ(Checked("robot r { observe qpos }\n").diagnostics.errors(), 1u);
  EXPECT_THAT(Checked("robot r { model point(2) observe qpos act motors }\n").findings(),
              ElementsAre("M0310 r"));
}

TEST(CheckRobot, AModelThatIsNotThere) {
  EXPECT_THAT(Checked("robot r { model \"no.xml\" observe qpos act motors control 20 Hz }\n").findings(),
              ElementsAre("M0501 \"no.xml\""));
  EXPECT_THAT(Checked("robot r { model \"bad.xml\" observe qpos act motors control 20 Hz }\n",
                      {{"bad.xml", "<mujoco>"}})
                  .findings(),
              ElementsAre("M0501 \"bad.xml\""));
}

// What depends on a model that is not there is not reported.
TEST(CheckRobot, AMissingModelDoesNotCascade) {
  EXPECT_THAT(Checked("robot r { model \"no.xml\" observe joint(a).pos act hip, knee control 20 Hz\n"
                      "  limit joint(b).pos in [-1, 1] }\n"
                      "world w { robot r horizon 2 s reset joint(a).pos = 1 observe body(c).pos success when "
                      "body(c).pos.x > 1 }\n"
                      "reward go = body(c).vel.x if success else joint(a).pos\n"
                      "skill s { in w maximize go }\nskill t over s { in w maximize 2 * go hold 5 steps }\n")
                  .findings(),
              ElementsAre("M0501 \"no.xml\""));
}

TEST(CheckRobot, Points) {
  EXPECT_THAT(Checked("robot r { model point(0) observe qpos act motors control 1 Hz }\n").findings(),
              ElementsAre("M0407 0"));
  EXPECT_THAT(Checked("robot r { model point(17) observe qpos act motors control 1 Hz }\n").findings(),
              ElementsAre("M0407 17"));
  EXPECT_THAT(Checked("robot r { model point(2 m) observe qpos act motors control 1 Hz }\n").findings(),
              ElementsAre("M0406 2 m"));
  EXPECT_THAT(Checked("robot r { model ball(2) observe qpos act motors control 1 Hz }\n").findings(),
              ElementsAre("M0305 ball(2)"));
  EXPECT_THAT(Checked("robot r { model point(2) observe qpos act x control 1 Hz }\n").findings(),
              ElementsAre("M0503 x"));
  EXPECT_THAT(actions(Checked("robot r { model point(2) observe qpos act motors control 1 Hz }\n")),
              ElementsAre("x", "y"));
  EXPECT_EQ(actions(Checked("robot r { model point(5) observe qpos act motors control 1 Hz }\n")).size(), 5u);
}

// --- control ------------------------------------------------------------------------------------

TEST(CheckRobot, ControlIsARateOrAPeriod) {
  EXPECT_DOUBLE_EQ(node(robot("act motors control 50 Hz")).control_period, 0.02);
  EXPECT_DOUBLE_EQ(node(robot("act motors control 50 ms")).control_period, 0.05);
  EXPECT_DOUBLE_EQ(node(robot("act motors control 33.3333 Hz")).control_period, 0.03);
  EXPECT_THAT(found_in_robot("act motors control 20"), ElementsAre("M0406 20"));
  EXPECT_THAT(found_in_robot("act motors control 20 m"), ElementsAre("M0406 20 m"));
  EXPECT_THAT(found_in_robot("act motors control 0 Hz"), ElementsAre("M0407 0 Hz"));
}

TEST(CheckRobot, ControlStepsArePhysicsSteps) {
  EXPECT_THAT(found_in_robot("act motors control 30 Hz"), ElementsAre("M0504 30 Hz"));
  EXPECT_THAT(found_in_robot("act motors control 1000 Hz"), ElementsAre("M0504 1000 Hz"));
}

TEST(CheckRobot, APhysicsStepAtTheEdgeOfNumbers) {
  EXPECT_THAT(Checked("robot r { model \"slow.xml\" observe qpos act motors control 20 Hz }\n",
                      {{"slow.xml",
                        "<mujoco><option timestep='1e308'/><worldbody><body><joint name='j'/><geom size='1'/>"
                        "</body></worldbody><actuator><motor name='m' joint='j'/></actuator></mujoco>"}})
                  .findings(),
              ElementsAre("M0506 motors", "M0504 20 Hz"));
}

// --- actions ------------------------------------------------------------------------------------

TEST(CheckRobot, MotorsAreAllActuators) {
  const Checked checked = robot("act motors control 20 Hz");
  EXPECT_THAT(actions(checked), ElementsAre("shoulder", "elbow"));
  EXPECT_EQ(node(checked).action[0].low, -2);
  EXPECT_EQ(node(checked).action[1].high, 1);
  EXPECT_TRUE(node(checked).drives.empty());
}

TEST(CheckRobot, ActuatorsAreNamed) {
  EXPECT_THAT(actions(robot("act elbow control 20 Hz")), ElementsAre("elbow"));
  EXPECT_THAT(actuators(robot("act elbow control 20 Hz")), ElementsAre("elbow"));
  EXPECT_THAT(found_in_robot("act knee control 20 Hz"), ElementsAre("M0502 knee"));
  EXPECT_THAT(found_in_robot("act elbow, elbow control 20 Hz"), ElementsAre("M0302 elbow"));
  EXPECT_THAT(found_in_robot("act elbow[2] control 20 Hz"), ElementsAre("M0509 elbow[2]"));
}

// The plan has actuators in the model's order; a policy that acts in another drives them by name.
TEST(CheckRobot, ActionsKeepTheirOrder) {
  const Checked checked = robot("act elbow, shoulder control 20 Hz");
  EXPECT_THAT(actions(checked), ElementsAre("elbow", "shoulder"));
  EXPECT_THAT(actuators(checked), ElementsAre("shoulder", "elbow"));
  EXPECT_EQ(drives(checked).at("elbow"), "action[0]");
  EXPECT_EQ(drives(checked).at("shoulder"), "action[1]");
}

TEST(CheckRobot, RangesOfActions) {
  EXPECT_EQ(node(robot("act elbow in [-0.5, 0.25] control 20 Hz")).action[0].high, 0.25);
  EXPECT_THAT(found_in_robot("act elbow in [1, -1] control 20 Hz"), ElementsAre("M0416 [1, -1]"));
  EXPECT_THAT(found_in_robot("act elbow in [-3, 3] control 20 Hz"), ElementsAre("M0505 [-3, 3]"));
}

TEST(CheckRobot, ActuatorsWithoutARange) {
  std::string model = arm_model;
  const std::string range = " ctrllimited=\"true\" ctrlrange=\"-1 1\"";
  model.replace(model.find(range), range.size(), "");
  const Checked checked("robot arm { model \"arm.xml\" observe qpos act motors control 20 Hz }\n",
                        {{"arm.xml", model}});
  EXPECT_THAT(checked.findings(), ElementsAre("M0506 motors"));
  EXPECT_TRUE(checked.graph);
}

// --- drive --------------------------------------------------------------------------------------

TEST(CheckRobot, DrivesReadNamedActions) {
  const Checked checked = robot(
      "act swing[2] in [-0.5, 0.5], bend in [0, 1] control 20 Hz\n"
      "drive motor(elbow) = pd(bend + swing[1], kp 2, kd 0.5)\n"
      "drive motor(shoulder) = swing[0] - bend");
  EXPECT_THAT(actions(checked), ElementsAre("swing[0]", "swing[1]", "bend"));
  EXPECT_THAT(actuators(checked), ElementsAre("shoulder", "elbow"));
  EXPECT_EQ(drives(checked).at("elbow"),
            "2 * (action[2] + action[1] - joint(elbow).pos) - 0.5 * joint(elbow).vel");
  EXPECT_EQ(drives(checked).at("shoulder"), "action[0] - action[2]");
}

TEST(CheckRobot, DrivesAreChecked) {
  const std::string act = "act bend control 20 Hz ";
  EXPECT_THAT(found_in_robot(act + "drive motor(knee) = bend drive motor(elbow) = bend"),
              ElementsAre("M0502 knee"));
  EXPECT_THAT(found_in_robot(act + "drive motor(elbow) = bend drive motor(elbow) = bend"),
              ElementsAre("M0302 elbow"));
  EXPECT_THAT(found_in_robot(act + "drive elbow = bend"), ElementsAre("M0305 elbow"));
  EXPECT_THAT(found_in_robot(act + "drive motor(elbow) = bent"), ElementsAre("M0301 bent"));
  EXPECT_THAT(found_in_robot(act + "drive motor(elbow) = pd(bend)"), ElementsAre("M0307 pd(bend)"));
  EXPECT_THAT(found_in_robot(act + "drive motor(elbow) = pd(1 m, kp bend)"), ElementsAre("M0405 1 m"));
  EXPECT_THAT(found_in_robot(act + "drive motor(elbow) = rate(bend)"), ElementsAre("M0312 rate(bend)"));
  EXPECT_THAT(found_in_robot(act + "drive motor(elbow) = qpos"), ElementsAre("M0404 qpos"));
}

TEST(CheckRobot, AnActionThatDrivesNothing) {
  EXPECT_THAT(found_in_robot("act bend, turn control 20 Hz drive motor(elbow) = bend"),
              ElementsAre("M0314 turn"));
  EXPECT_THAT(found_in_robot("act swing[3] control 20 Hz drive motor(elbow) = swing[0] + swing[2]"),
              ElementsAre("M0314 swing"));
}

TEST(CheckRobot, PdStandsInDrive) {
  EXPECT_THAT(found_on_table("reward r = pd(1, kp 2)\n"), ElementsAre("M0312 pd(1, kp 2)"));
}

// --- limits -------------------------------------------------------------------------------------

TEST(CheckRobot, Limits) {
  const Checked checked = robot(
      "act motors control 20 Hz limit joint(shoulder).pos in [-45 deg, 45 deg]\n"
      "limit joint(puck_x).vel in [-1, 1] limit action rate 5 per s limit torque 3 Nm");
  const auto& limits = node(checked).limits;
  ASSERT_EQ(limits.size(), 4u);
  EXPECT_EQ(limits[0].kind, LimitPlan::Kind::joint_pos);
  EXPECT_DOUBLE_EQ(limits[0].high, 0.7853981633974483);
  EXPECT_EQ(limits[1].kind, LimitPlan::Kind::joint_vel);
  EXPECT_EQ(limits[2].kind, LimitPlan::Kind::action_rate);
  EXPECT_EQ(limits[2].high, 5);
  EXPECT_EQ(limits[3].kind, LimitPlan::Kind::joint_torque);
  EXPECT_EQ(limits[3].low, -3);
  EXPECT_EQ(limits[3].joint, "");
}

TEST(CheckRobot, LimitsAreChecked) {
  const std::string act = "act motors control 20 Hz ";
  EXPECT_THAT(found_in_robot(act + "limit joint(knee).pos in [-1, 1]"), ElementsAre("M0502 knee"));
  EXPECT_THAT(found_in_robot(act + "limit joint(elbow).pos in [-1 m, 1 m]"),
              ElementsAre("M0406 -1 m", "M0406 1 m"));
  EXPECT_THAT(found_in_robot(act + "limit joint(elbow).pos in [1, -1]"), ElementsAre("M0416 [1, -1]"));
  EXPECT_THAT(found_in_robot(act + "limit joint(shoulder).pos in [-3, 3]"), ElementsAre("M0505 [-3, 3]"));
  EXPECT_THAT(found_in_robot(act + "limit joint(loose).pos in [-1, 1]"),
              ElementsAre("M0305 joint(loose).pos"));
  EXPECT_THAT(found_in_robot(act + "limit qpos in [-1, 1]"), ElementsAre("M0305 qpos"));
  EXPECT_THAT(found_in_robot(act + "limit torque 3 m"), ElementsAre("M0406 3 m"));
  EXPECT_THAT(found_in_robot(act + "limit torque 0"), ElementsAre("M0407 0"));
  EXPECT_THAT(found_in_robot(act + "limit action rate 5 Nm"), ElementsAre("M0406 5 Nm"));
}

}  // namespace
}  // namespace motet::testing
