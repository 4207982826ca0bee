// Limits as the simulation holds them.

#include <gmock/gmock.h>

#include <cmath>

#include "simulation_fixture.h"

namespace motet {
namespace {

using test::Probe;
using testing::HasSubstr;

// A uniform rod of mass 1 kg and length 1 m about its end, upright at zero, as Gymnasium's Pendulum.
std::string pendulum(const std::string& integrator) {
  return R"(<mujoco>
  <option timestep="0.05" gravity="0 0 -10" integrator=")" +
         integrator + R"("/>
  <worldbody>
    <body><inertial pos="0 0 0.5" mass="1" diaginertia="0.08333333333333333 0.08333333333333333 0.0005"/>
      <joint name="hinge" axis="0 -1 0" damping="0"/><geom size="0.05" mass="0" contype="0" conaffinity="0"/></body>
  </worldbody>
  <actuator><motor name="hinge" joint="hinge" ctrllimited="true" ctrlrange="-2 2"/></actuator>
</mujoco>)";
}

RobotPlan limited(LimitPlan::Kind kind, const std::string& joint, double low, double high,
                  std::initializer_list<ActuatorPlan> actuators, double period = 0.05) {
  RobotPlan robot = test::robot_plan(period, actuators);
  robot.limits.push_back({kind, joint, low, high});
  return robot;
}

class SimulationLimits : public testing::Test {
 protected:
  std::unique_ptr<Physics> make(const std::string& model, const RobotPlan& robot) {
    auto physics = test::physics_of(folder_.write("model.xml", model), robot);
    if (physics) physics->reset();
    return physics;
  }
  TemporaryFolder folder_;
};

TEST_F(SimulationLimits, TheClippedPendulumIsGymnasiums) {
  auto physics =
      make(pendulum("Euler"), limited(LimitPlan::Kind::joint_vel, "hinge", -8, 8, {{"hinge", -2, 2}}));
  Probe position(*physics, SignalKind::joint_pos, 1, "hinge"),
      velocity(*physics, SignalKind::joint_vel, 1, "hinge");
  double angle = 3, speed = 7;
  test::assign(*physics, {SignalKind::joint_pos, "hinge", {}, 1}, 0, {angle});
  test::assign(*physics, {SignalKind::joint_vel, "hinge", {}, 1}, 0, {speed});
  int clipped = 0;
  for (int i = 0; i < 400; ++i) {
    const double asked = 4 * std::sin(0.1 * i), torque = std::clamp(asked, -2.0, 2.0);
    const double wanted = speed + (3 * 10 / 2.0 * std::sin(angle) + 3 * torque) * 0.05;
    speed = std::clamp(wanted, -8.0, 8.0);
    angle += speed * 0.05;
    clipped += speed != wanted;
    physics->advance(std::vector<double>{asked});
    // From the simulator's own state on, so that rounding does not add up over a chaotic motion.
    ASSERT_NEAR(velocity.number(), speed, 1e-12) << "in step " << i;
    ASSERT_NEAR(position.number(), angle, 1e-12) << "in step " << i;
    speed = velocity.number();
    angle = position.number();
  }
  EXPECT_GT(clipped, 20) << "the limit should be met";
}

TEST_F(SimulationLimits, AnotherIntegratorNeverExceedsTheSpeedEither) {
  auto physics =
      make(pendulum("RK4"), limited(LimitPlan::Kind::joint_vel, "hinge", -3, 4, {{"hinge", -2, 2}}));
  Probe position(*physics, SignalKind::joint_pos, 1, "hinge"),
      velocity(*physics, SignalKind::joint_vel, 1, "hinge");
  test::assign(*physics, {SignalKind::joint_pos, "hinge", {}, 1}, 0, {1});
  double before = 1;
  for (int i = 0; i < 200; ++i) {
    physics->advance(std::vector<double>{2});
    const double moved = position.number() - before;
    before = position.number();
    ASSERT_GE(velocity.number(), -3);
    ASSERT_LE(velocity.number(), 4);
    ASSERT_GE(moved, -3 * 0.05 - 1e-12);
    ASSERT_LE(moved, 4 * 0.05 + 1e-12);
  }
}

TEST_F(SimulationLimits, APositionLimitStopsTheJoint) {
  const std::string rod = pendulum("Euler");
  auto physics = make(rod, limited(LimitPlan::Kind::joint_pos, "hinge", -0.5, 0.5, {{"hinge", -2, 2}}));
  Probe position(*physics, SignalKind::joint_pos, 1, "hinge");
  test::assign(*physics, {SignalKind::joint_pos, "hinge", {}, 1}, 0, {0.2});
  for (int i = 0; i < 400; ++i) physics->advance(std::vector<double>{2});
  EXPECT_NEAR(position.number(), 0.5, 0.1) << "a limit is stiff, not rigid";
}

const char* const sliders = R"(<mujoco>
  <option timestep="0.01" gravity="0 0 0"/>
  <worldbody>
    <body name="a"><joint name="a" type="slide" axis="1 0 0"/><geom size="0.1" mass="1" contype="0" conaffinity="0"/></body>
    <body name="b"><joint name="b" type="slide" axis="0 1 0" damping="1"/><geom size="0.1" mass="1" contype="0" conaffinity="0"/></body>
  </worldbody>
  <actuator>
    <motor name="push" joint="a" gear="-10"/>
    <motor name="pull" joint="a" gear="20"/>
    <position name="servo" joint="b" kp="50" gear="2" ctrllimited="true" ctrlrange="-9 9"/>
  </actuator>
</mujoco>)";

TEST_F(SimulationLimits, ATorqueLimitHoldsOverGearsAndActuators) {
  auto physics = make(
      sliders, limited(LimitPlan::Kind::joint_torque, "a", -3, 5, {{"push", -1, 1}, {"pull", -1, 1}}, 0.01));
  Probe torque(*physics, SignalKind::joint_torque, 1, "a");
  physics->advance(std::vector<double>{-1, 1});
  physics->refresh();
  EXPECT_NEAR(torque.number(), 5, 1e-12);
  physics->advance(std::vector<double>{1, -1});
  physics->refresh();
  EXPECT_NEAR(torque.number(), -3, 1e-12);
}

TEST_F(SimulationLimits, ATorqueLimitWithoutAJointHoldsForAll) {
  auto physics = make(
      sliders, limited(LimitPlan::Kind::joint_torque, "", -1, 1, {{"pull", -1, 1}, {"servo", -9, 9}}, 0.01));
  Probe a(*physics, SignalKind::joint_torque, 1, "a"), b(*physics, SignalKind::joint_torque, 1, "b");
  physics->advance(std::vector<double>{1, 9});
  physics->refresh();
  EXPECT_NEAR(a.number(), 1, 1e-12);
  EXPECT_NEAR(b.number(), 1, 1e-12);
}

TEST_F(SimulationLimits, AServoIsNotSentBeyondTheLimitOfItsJoint) {
  auto physics =
      make(sliders, limited(LimitPlan::Kind::joint_pos, "b", -0.25, 0.5, {{"servo", -9, 9}}, 0.01));
  Probe position(*physics, SignalKind::joint_pos, 1, "b");
  for (int i = 0; i < 5000; ++i) physics->advance(std::vector<double>{9});
  EXPECT_NEAR(position.number(), 0.5, 1e-6);
}

TEST_F(SimulationLimits, ALimitNamesAJointOfOneAxis) {
  const std::string model =
      "<mujoco><worldbody><body><joint name='ball' type='ball'/><geom "
      "size='0.1'/></body></worldbody></mujoco>";
  const std::string file = folder_.write("ball.xml", model);
  const auto made = make_mujoco_physics(file, limited(LimitPlan::Kind::joint_vel, "ball", -1, 1, {}, 0.002));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("`ball` is neither"));
}

TEST_F(SimulationLimits, TheControlPeriodIsAMultipleOfTheTimestep) {
  const std::string file = folder_.write("model.xml", pendulum("Euler"));
  const auto made = make_mujoco_physics(file, test::robot_plan(0.07, {{"hinge", -2, 2}}));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("not a multiple of the model's timestep of 0.05 s"));
  EXPECT_EQ(test::physics_of(file, test::robot_plan(0.2, {{"hinge", -2, 2}}))->substeps(), 4);
}

}  // namespace
}  // namespace motet
