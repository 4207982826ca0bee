// What a world's signals say, against mechanics worked out by hand.

#include <gmock/gmock.h>

#include <array>
#include <cmath>

#include "simulation_fixture.h"

namespace motet {
namespace {

using test::Probe;
using testing::HasSubstr;

constexpr double g = 9.81;

// A box that falls freely, above ground.
const char* const falling_box = R"(<mujoco>
  <option timestep="0.002" gravity="0 0 -9.81"/>
  <worldbody>
    <geom name="floor" type="plane" size="0 0 1"/>
    <body name="box" pos="0 0 0.1">
      <freejoint name="root"/>
      <geom name="shell" type="box" size="0.1 0.1 0.1" mass="2"/>
    </body>
  </worldbody>
</mujoco>)";

// Two links that swing, with a motor on the first, and a puck that is not the robot.
const char* const swinging_arm = R"(<mujoco>
  <option timestep="0.001"/>
  <worldbody>
    <body name="upper" pos="0.3 -0.2 1">
      <joint name="shoulder" axis="0 1 0"/>
      <geom type="capsule" size="0.02" fromto="0 0 0 0.4 0 0" mass="1"/>
      <body name="lower" pos="0.4 0 0" euler="20 0 0">
        <joint name="elbow" axis="0.6 0 0.8"/>
        <geom type="capsule" size="0.02" fromto="0 0 0 0.3 0.1 0" mass="0.5"/>
        <site name="tip" pos="0.3 0.1 0"/>
      </body>
    </body>
    <body name="puck" pos="5 0 0.5"><freejoint/><geom size="0.1" mass="30"/></body>
  </worldbody>
  <actuator><motor name="shoulder" joint="shoulder" gear="3"/></actuator>
  <sensor><jointvel name="elbow_speed" joint="elbow"/><accelerometer name="felt" site="tip"/></sensor>
</mujoco>)";

class SimulationSignals : public testing::Test {
 protected:
  std::unique_ptr<Physics> box() {
    return test::physics_of(folder_.write("box.xml", falling_box), test::robot_plan(0.002));
  }
  std::unique_ptr<Physics> arm() {
    return test::physics_of(folder_.write("arm.xml", swinging_arm),
                            test::robot_plan(0.001, {{"shoulder", -1, 1}}));
  }
  static void advance(Physics& physics, int steps, std::initializer_list<double> controls = {}) {
    for (int i = 0; i < steps; ++i) physics.advance(std::vector<double>(controls));
    physics.refresh();
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(SimulationSignals, FreeFallFollowsTheIntegratedEquation) {
  auto physics = box();
  Probe position(*physics, SignalKind::body_pos, 3, "box"),
      velocity(*physics, SignalKind::body_vel, 3, "box");
  Probe time(*physics, SignalKind::time, 1);
  physics->reset();
  test::assign(*physics, {SignalKind::body_pos, "box", {}, 3}, 2, {10});
  advance(*physics, 100);
  // Semi-implicit Euler: v_n = -g n dt, z_n = z_0 - g dt^2 n (n + 1) / 2.
  const double dt = 0.002;
  EXPECT_NEAR(time.number(), 100 * dt, 1e-12);
  EXPECT_NEAR(velocity.read()[2], -g * 100 * dt, 1e-9);
  EXPECT_NEAR(position.read()[2], 10 - g * dt * dt * 100 * 101 / 2, 1e-9);
}

TEST_F(SimulationSignals, ABoxAtRestPressesWithItsWeight) {
  auto physics = box();
  Probe force(*physics, SignalKind::contact, 1, "floor", "shell"),
      other(*physics, SignalKind::contact, 1, "shell", "floor");
  physics->reset();
  advance(*physics, 2000);
  EXPECT_NEAR(force.number(), 2 * g, 1e-3);
  EXPECT_EQ(force.number(), other.number());
}

TEST_F(SimulationSignals, RollPitchYawAndUpComeFromTheQuaternion) {
  auto physics = box();
  Probe roll(*physics, SignalKind::body_roll, 1, "box"), pitch(*physics, SignalKind::body_pitch, 1, "box");
  Probe yaw(*physics, SignalKind::body_yaw, 1, "box"), up(*physics, SignalKind::body_up, 3, "box");
  const double r = 0.3, p = -0.7, y = 2.1;
  const double cr = std::cos(r / 2), sr = std::sin(r / 2), cp = std::cos(p / 2), sp = std::sin(p / 2);
  const double cy = std::cos(y / 2), sy = std::sin(y / 2);
  // q = q_z(yaw) q_y(pitch) q_x(roll)
  const std::vector<double> q = {cr * cp * cy + sr * sp * sy, sr * cp * cy - cr * sp * sy,
                                 cr * sp * cy + sr * cp * sy, cr * cp * sy - sr * sp * cy};
  physics->reset();
  test::assign(*physics, {SignalKind::body_quat, "box", {}, 4}, 0, q);
  physics->refresh();
  EXPECT_NEAR(roll.number(), r, 1e-12);
  EXPECT_NEAR(pitch.number(), p, 1e-12);
  EXPECT_NEAR(yaw.number(), y, 1e-12);
  // The third column of R_z(yaw) R_y(pitch) R_x(roll).
  EXPECT_NEAR(up.read()[0], std::cos(y) * std::sin(p) * std::cos(r) + std::sin(y) * std::sin(r), 1e-12);
  EXPECT_NEAR(up.read()[1], std::sin(y) * std::sin(p) * std::cos(r) - std::cos(y) * std::sin(r), 1e-12);
  EXPECT_NEAR(up.read()[2], std::cos(p) * std::cos(r), 1e-12);
}

TEST_F(SimulationSignals, BodyVelocityIsTheDerivativeOfItsPosition) {
  auto physics = arm();
  Probe position(*physics, SignalKind::body_pos, 3, "lower"),
      velocity(*physics, SignalKind::body_vel, 3, "lower");
  physics->reset();
  advance(*physics, 300, {1.0});
  const std::vector<double> before = position.read(), at_first = velocity.read();
  advance(*physics, 1, {1.0});
  const std::vector<double>& after = position.read();
  const std::vector<double>& at_second = velocity.read();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR((after[i] - before[i]) / 0.001, (at_first[i] + at_second[i]) / 2, 0.02) << i;
  }
  EXPECT_GT(std::hypot(at_first[0], at_first[2]), 0.2) << "it should be moving";
}

TEST_F(SimulationSignals, AngularVelocityTurnsTheQuaternion) {
  auto physics = arm();
  Probe quat(*physics, SignalKind::body_quat, 4, "lower"),
      angvel(*physics, SignalKind::body_angvel, 3, "lower");
  physics->reset();
  advance(*physics, 300, {1.0});
  const std::vector<double> q = quat.read(), w = angvel.read();
  advance(*physics, 1, {1.0});
  // dq/dt = (0, w) q / 2 in the world frame.
  const std::array<double, 4> rate = {
      (-w[0] * q[1] - w[1] * q[2] - w[2] * q[3]) / 2, (w[0] * q[0] + w[1] * q[3] - w[2] * q[2]) / 2,
      (w[1] * q[0] + w[2] * q[1] - w[0] * q[3]) / 2, (w[2] * q[0] + w[0] * q[2] - w[1] * q[1]) / 2};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR((quat.read()[i] - q[i]) / 0.001, rate[i], 0.05) << i;
}

TEST_F(SimulationSignals, TheCentreOfMassIsTheRobotsAlone) {
  auto physics = arm();
  Probe com(*physics, SignalKind::com_pos, 3), velocity(*physics, SignalKind::com_vel, 3);
  physics->reset();
  physics->refresh();
  // At rest: link one about 0.2 m along x from the shoulder, link two from its far end; no puck.
  const double lean = 20 * M_PI / 180;
  EXPECT_NEAR(com.read()[0], (1 * (0.3 + 0.2) + 0.5 * (0.7 + 0.15)) / 1.5, 1e-9);
  EXPECT_NEAR(com.read()[1], (1 * -0.2 + 0.5 * (-0.2 + 0.05 * std::cos(lean))) / 1.5, 1e-9);
  advance(*physics, 200, {1.0});
  const std::vector<double> before = com.read(), first = velocity.read();
  advance(*physics, 1, {1.0});
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR((com.read()[i] - before[i]) / 0.001, (first[i] + velocity.read()[i]) / 2, 0.01) << i;
  }
}

TEST_F(SimulationSignals, JointTorqueIsGearTimesControl) {
  auto physics = arm();
  Probe torque(*physics, SignalKind::joint_torque, 1, "shoulder"),
      none(*physics, SignalKind::joint_torque, 1, "elbow");
  physics->reset();
  advance(*physics, 1, {0.5});
  EXPECT_NEAR(torque.number(), 1.5, 1e-12);
  EXPECT_EQ(none.number(), 0);
  advance(*physics, 1, {7});
  EXPECT_NEAR(torque.number(), 3, 1e-12) << "controls are clipped to their range";
}

TEST_F(SimulationSignals, SensorsAreThoseOfTheStateAfterTheStep) {
  auto physics = arm();
  Probe sensor(*physics, SignalKind::sensor, 1, "elbow_speed"),
      joint(*physics, SignalKind::joint_vel, 1, "elbow");
  physics->reset();
  advance(*physics, 50, {1.0});
  EXPECT_EQ(sensor.number(), joint.number());
  EXPECT_NE(joint.number(), 0);
}

// With contacts, whose solver starts from the last solution.
TEST_F(SimulationSignals, ReadingMoreDoesNotBendTheTrajectory) {
  const std::string file = (test::library_roots().library[0] / "worlds/half_cheetah_track.xml").string();
  const RobotPlan robot = test::robot_plan(0.01, {{"hind_knee", -1, 1}, {"fore_hip", -1, 1}});
  auto plain = test::physics_of(file, robot), curious = test::physics_of(file, robot);
  Probe contact(*curious, SignalKind::contact, 1, "hind_foot", "floor"),
      com(*curious, SignalKind::com_vel, 3);
  Probe qpos(*plain, SignalKind::qpos, 9), same(*curious, SignalKind::qpos, 9);
  plain->reset();
  curious->reset();
  double force = 0;
  for (int i = 0; i < 500; ++i) {
    advance(*plain, 1, {std::sin(i * 0.05), std::cos(i * 0.07)});
    advance(*curious, 1, {std::sin(i * 0.05), std::cos(i * 0.07)});
    ASSERT_EQ(qpos.read(), same.read()) << "in step " << i;
    force += contact.number();
  }
  EXPECT_GT(force, 0);
}

TEST_F(SimulationSignals, OnlyDerivedSignalsNeedARefresh) {
  auto physics = arm();
  Probe qpos(*physics, SignalKind::qpos, 9), vel(*physics, SignalKind::joint_vel, 1, "elbow");
  Probe site(*physics, SignalKind::site_pos, 3, "tip");
  EXPECT_TRUE(physics->is_state(qpos.handle()));
  EXPECT_TRUE(physics->is_state(vel.handle()));
  EXPECT_FALSE(physics->is_state(site.handle()));
}

TEST_F(SimulationSignals, AMissingNameListsThoseThatExist) {
  auto physics = arm();
  const Result<int> joint = physics->bind({SignalKind::joint_pos, "knee", {}, 1});
  ASSERT_FALSE(joint);
  EXPECT_THAT(joint.error().message, HasSubstr("no joint `knee`"));
  EXPECT_THAT(joint.error().message, HasSubstr("shoulder, elbow"));
  const Result<int> length = physics->bind({SignalKind::qpos, {}, {}, 4});
  ASSERT_FALSE(length);
  EXPECT_THAT(length.error().message, HasSubstr("9 values in this model, but 4 in the plan"));
}

}  // namespace
}  // namespace motet
