// A simulation that can no longer be believed says so, once, and starts anew.

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "simulation_fixture.h"

namespace motet {
namespace {

using test::Probe;
using testing::HasSubstr;

const char* const slider = R"(<mujoco>
  <option timestep="0.01"/>
  <worldbody>
    <body name="cart"><joint name="rail" type="slide" axis="1 0 0"/><geom size="0.1" mass="0.001"/></body>
  </worldbody>
  <actuator><motor name="push" joint="rail" gear="1e12"/></actuator>
</mujoco>)";

class SimulationHealth : public testing::Test {
 protected:
  void SetUp() override {
    physics =
        test::physics_of(folder_.write("slider.xml", slider), test::robot_plan(0.01, {{"push", -1, 1}}));
    physics->reset();
  }
  std::unique_ptr<Physics> physics;

 private:
  TemporaryFolder folder_;
};

TEST_F(SimulationHealth, AHugeAccelerationIsNoticedThoughMujocoResetsByItself) {
  Probe position(*physics, SignalKind::qpos, 1);
  physics->advance(std::vector<double>{0});
  physics->advance(std::vector<double>{1});
  EXPECT_TRUE(physics->unstable());
  EXPECT_THAT(physics->reason(), HasSubstr("the acceleration of joint `rail` is not a number or too large"));
  EXPECT_THAT(physics->reason(), HasSubstr("0.01 s after the reset"));
  physics->reset();
  EXPECT_FALSE(physics->unstable());
  EXPECT_EQ(physics->reason(), "");
  physics->advance(std::vector<double>{0});
  physics->refresh();
  EXPECT_FALSE(physics->unstable());
}

TEST_F(SimulationHealth, ABadStateAfterTheLastStepIsNoticed) {
  test::assign(*physics, {SignalKind::qvel, {}, {}, 1}, 0, {std::numeric_limits<double>::quiet_NaN()});
  physics->refresh();
  EXPECT_TRUE(physics->unstable());
  EXPECT_THAT(physics->reason(), HasSubstr("the velocity of joint `rail` is not a number"));
}

TEST_F(SimulationHealth, AControlThatIsNotANumberIsNoticed) {
  physics->advance(std::vector<double>{std::numeric_limits<double>::quiet_NaN()});
  EXPECT_TRUE(physics->unstable());
  EXPECT_THAT(physics->reason(), HasSubstr("`push`"));
}

TEST_F(SimulationHealth, WarningsLeaveNoFileBehind) {
  physics->advance(std::vector<double>{1});
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
}

TEST(SimulationPoint, MovesByItsActionAndStaysInItsField) {
  RobotPlan robot = test::robot_plan(0.1);
  robot.point_dimensions = 2;
  auto point = make_point_physics(robot);
  Probe position(*point, SignalKind::qpos, 2), velocity(*point, SignalKind::qvel, 2),
      time(*point, SignalKind::time, 1);
  point->reset();
  EXPECT_EQ(point->control_size(), 2);
  EXPECT_EQ(point->substeps(), 1);
  point->advance(std::vector<double>{0.5, -3});
  EXPECT_EQ(position.read(), (std::vector<double>{0.5, -1}));
  EXPECT_THAT(velocity.read(), testing::ElementsAre(testing::DoubleEq(5), testing::DoubleEq(-10)));
  for (int i = 0; i < 20; ++i) point->advance(std::vector<double>{1, 0});
  EXPECT_EQ(position.read(), (std::vector<double>{7, -1}));
  EXPECT_EQ(velocity.read(), (std::vector<double>{0, 0})) << "held by the edge";
  EXPECT_NEAR(time.number(), 2.1, 1e-12);
  point->reset();
  EXPECT_EQ(position.read(), (std::vector<double>{0, 0}));
}

TEST(SimulationPoint, IsSetWithinItsFieldAndSaysWhatItHas) {
  RobotPlan robot = test::robot_plan(0.1);
  robot.point_dimensions = 3;
  auto point = make_point_physics(robot);
  Probe position(*point, SignalKind::qpos, 3);
  point->reset();
  test::assign(*point, {SignalKind::qpos, {}, {}, 3}, 1, {1, 90});
  test::assign(*point, {SignalKind::qpos, {}, {}, 3}, 0, {-2}, true);
  EXPECT_EQ(position.read(), (std::vector<double>{-2, 1, 7}));
  const Result<int> body = point->bind({SignalKind::body_pos, "torso", {}, 3});
  ASSERT_FALSE(body);
  EXPECT_THAT(body.error().message, HasSubstr("`qpos`, `qvel` and `time`"));
  EXPECT_FALSE(point->bind_target({SignalKind::qpos, {}, {}, 3}, 2, 2));
}

}  // namespace
}  // namespace motet
