// What a reset can set, and that the next reset begins anew.

#include <gmock/gmock.h>

#include <cmath>

#include "simulation_fixture.h"

namespace motet {
namespace {

using test::Probe;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

const char* const things = R"(<mujoco>
  <worldbody>
    <body name="free" pos="0 0 1"><freejoint name="root"/><geom size="0.1"/></body>
    <body name="puck" pos="0.5 -0.5 0.1">
      <joint name="puck_y" type="slide" axis="0 -1 0" ref="0.25"/>
      <joint name="puck_x" type="slide" axis="1 0 0"/>
      <joint name="puck_turn" axis="0 0 1"/>
      <geom size="0.1"/>
    </body>
    <body name="hand" mocap="true" pos="0 3 0"><geom size="0.1" contype="0" conaffinity="0"/></body>
    <body name="goal" pos="1 1 1"><site name="mark" pos="0 0 0.5"/></body>
    <body name="gimbal" pos="0 -3 1" quat="0.6 0.8 0 0"><joint name="ball" type="ball"/><geom size="0.1" pos="0.2 0 0"/>
      <body name="stick"><joint name="bend" axis="0 1 0"/><geom size="0.05" pos="0 0 0.3"/></body>
    </body>
    <body name="swing" pos="0 5 0"><joint type="hinge" pos="0 0 1"/><joint type="slide" axis="1 0 0"/><geom size="0.1"/></body>
  </worldbody>
</mujoco>)";

class SimulationTargets : public testing::Test {
 protected:
  void SetUp() override {
    physics = test::physics_of(folder_.write("things.xml", things), test::robot_plan(0.002));
    physics->reset();
  }
  void set(SignalKind kind, const std::string& name, std::uint32_t offset, std::vector<double> values,
           bool add = false) {
    test::assign(*physics, {kind, name, {}, 0}, offset, std::move(values), add);
    physics->refresh();
  }
  std::string refusal(SignalKind kind, const std::string& name, std::uint32_t offset, std::uint32_t length) {
    const Result<int> handle = physics->bind_target({kind, name, {}, 0}, offset, length);
    return handle ? "" : handle.error().message;
  }
  std::unique_ptr<Physics> physics;

 private:
  TemporaryFolder folder_;
};

TEST_F(SimulationTargets, AFreeBodyGoesAnywhere) {
  Probe position(*physics, SignalKind::body_pos, 3, "free");
  set(SignalKind::body_pos, "free", 0, {1, 2, 3});
  EXPECT_THAT(position.read(), ElementsAre(1, 2, 3));
  set(SignalKind::body_pos, "free", 1, {0.5}, true);
  EXPECT_THAT(position.read(), ElementsAre(1, 2.5, 3));
}

TEST_F(SimulationTargets, SlidesMoveABodyAlongTheirAxesOnly) {
  Probe position(*physics, SignalKind::body_pos, 3, "puck");
  set(SignalKind::joint_pos, "puck_turn", 0, {1});
  set(SignalKind::body_pos, "puck", 0, {-0.3, 0.4});
  EXPECT_THAT(position.read(),
              ElementsAre(DoubleNear(-0.3, 1e-12), DoubleNear(0.4, 1e-12), DoubleNear(0.1, 1e-12)));
  set(SignalKind::body_pos, "puck", 0, {0.1, 0.1}, true);
  EXPECT_THAT(position.read(),
              ElementsAre(DoubleNear(-0.2, 1e-12), DoubleNear(0.5, 1e-12), DoubleNear(0.1, 1e-12)));
  EXPECT_THAT(refusal(SignalKind::body_pos, "puck", 0, 3), HasSubstr("`puck` cannot be moved along z"));
}

TEST_F(SimulationTargets, AMocapBodyIsSetByItsPose) {
  Probe position(*physics, SignalKind::body_pos, 3, "hand"), quat(*physics, SignalKind::body_quat, 4, "hand");
  set(SignalKind::body_pos, "hand", 0, {7, 8, 9});
  set(SignalKind::body_quat, "hand", 0, {0, 0, 3, 4});
  EXPECT_THAT(position.read(), ElementsAre(7, 8, 9));
  EXPECT_THAT(quat.read(), ElementsAre(0, 0, DoubleNear(0.6, 1e-15), DoubleNear(0.8, 1e-15)));
}

TEST_F(SimulationTargets, AChildOfTheWorldWithoutJointsMovesUntilTheNextReset) {
  Probe mark(*physics, SignalKind::site_pos, 3, "mark");
  set(SignalKind::body_pos, "goal", 0, {-2, -3});
  set(SignalKind::body_quat, "goal", 0, {0, 1, 0, 0});
  EXPECT_THAT(mark.read(), ElementsAre(-2, -3, 0.5));
  physics->reset();
  physics->refresh();
  EXPECT_THAT(mark.read(), ElementsAre(1, 1, 1.5));
}

TEST_F(SimulationTargets, ABallJointTurnsItsBodyInTheWorld) {
  Probe quat(*physics, SignalKind::body_quat, 4, "gimbal");
  set(SignalKind::body_quat, "gimbal", 0, {0.5, 0.5, -0.5, 0.5});
  EXPECT_THAT(quat.read(), ElementsAre(DoubleNear(0.5, 1e-12), DoubleNear(0.5, 1e-12),
                                       DoubleNear(-0.5, 1e-12), DoubleNear(0.5, 1e-12)));
}

TEST_F(SimulationTargets, JointsAndStateAreSetInPart) {
  Probe qvel(*physics, SignalKind::joint_vel, 6, "root"), bend(*physics, SignalKind::joint_pos, 1, "bend");
  set(SignalKind::joint_vel, "root", 3, {1, 2, 3});
  set(SignalKind::joint_pos, "bend", 0, {0.7});
  set(SignalKind::joint_pos, "bend", 0, {0.1}, true);
  EXPECT_THAT(qvel.read(), ElementsAre(0, 0, 0, 1, 2, 3));
  EXPECT_DOUBLE_EQ(bend.number(), 0.7 + 0.1);
}

TEST_F(SimulationTargets, NoiseOnAllPositionsLeavesUnitQuaternions) {
  Probe root(*physics, SignalKind::joint_pos, 7, "root");
  set(SignalKind::qpos, {}, 0, {0, 0, 0, 0.2, -0.3, 0.1, 0.4}, true);
  const std::vector<double>& pose = root.read();
  EXPECT_NEAR(std::hypot(std::hypot(pose[3], pose[4]), std::hypot(pose[5], pose[6])), 1, 1e-12);
}

TEST_F(SimulationTargets, WhatCannotBeSetIsRefused) {
  EXPECT_THAT(refusal(SignalKind::body_pos, "stick", 0, 3), HasSubstr("`stick` cannot be moved on its own"));
  EXPECT_THAT(refusal(SignalKind::body_pos, "swing", 0, 1), HasSubstr("turn it about another point"));
  EXPECT_THAT(refusal(SignalKind::body_quat, "puck", 0, 4), HasSubstr("`puck` cannot be turned"));
  EXPECT_THAT(refusal(SignalKind::body_pos, "cup", 0, 3), HasSubstr("no body `cup`"));
  EXPECT_THAT(refusal(SignalKind::joint_pos, "bend", 0, 2), HasSubstr("has 1 coordinates"));
  EXPECT_THAT(refusal(SignalKind::qpos, "", 0, 99), HasSubstr("reaches beyond"));
  EXPECT_THAT(refusal(SignalKind::body_pos, "free", 2, 2), HasSubstr("reaches beyond"));
  EXPECT_NE(refusal(SignalKind::time, "", 0, 1), "");
}

}  // namespace
}  // namespace motet
