#include "compiler/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace motet {
namespace {

using testing::ElementsAre;

constexpr std::string_view robot = R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom name="floor" type="plane" size="1 1 1"/>
    <camera name="side"/>
    <body name="torso">
      <freejoint name="root"/>
      <geom name="trunk" size="0.1"/>
      <site name="imu"/>
      <body name="leg" pos="0 0 1">
        <joint name="hip" type="hinge" axis="0 1 0" limited="true" range="-90 45"/>
        <joint name="slide" type="slide" axis="0 0 2"/>
        <geom size="0.1"/>
      </body>
      <body>
        <joint name="neck" type="ball"/>
        <geom size="0.1"/>
      </body>
    </body>
    <body name="target" mocap="true"/>
  </worldbody>
  <actuator>
    <motor name="hip" joint="hip" ctrllimited="true" ctrlrange="-2 3"/>
    <motor joint="slide"/>
  </actuator>
  <sensor><accelerometer name="acceleration" site="imu"/></sensor>
</mujoco>)";

TEST(Model, DescribesWhatItOffers) {
  const TemporaryFolder folder;
  Result<ModelHandle> model = load_model(folder.write("robot.xml", robot));
  ASSERT_TRUE(model) << model.error().message;
  const ModelInfo info = describe(**model);
  EXPECT_EQ(info.nq, 7 + 1 + 1 + 4);
  EXPECT_EQ(info.nv, 6 + 1 + 1 + 3);
  EXPECT_EQ(info.na, 0);
  EXPECT_EQ(info.timestep, 0.005);
  EXPECT_THAT(info.geoms, ElementsAre("floor", "trunk", "", ""));
  EXPECT_THAT(info.sites, ElementsAre("imu"));
  EXPECT_THAT(info.cameras, ElementsAre("side"));
  ASSERT_EQ(info.sensors.size(), 1u);
  EXPECT_EQ(info.sensors[0].name, "acceleration");
  EXPECT_EQ(info.sensors[0].dimension, 3);
}

TEST(Model, DescribesBodies) {
  const TemporaryFolder folder;
  Result<ModelHandle> model = load_model(folder.write("robot.xml", robot));
  ASSERT_TRUE(model) << model.error().message;
  const std::vector<BodyInfo> bodies = describe(**model).bodies;
  ASSERT_EQ(bodies.size(), 5u);
  EXPECT_EQ(bodies[0].name, "world");
  EXPECT_EQ(bodies[1].name, "torso");
  EXPECT_THAT(bodies[1].joints, ElementsAre(0));
  EXPECT_EQ(bodies[2].name, "leg");
  EXPECT_EQ(bodies[2].parent, 1);
  EXPECT_THAT(bodies[2].joints, ElementsAre(1, 2));
  EXPECT_EQ(bodies[3].name, "");
  EXPECT_EQ(bodies[4].name, "target");
  EXPECT_TRUE(bodies[4].mocap);
  EXPECT_FALSE(bodies[2].mocap);
}

TEST(Model, DescribesJointsAndActuators) {
  const TemporaryFolder folder;
  Result<ModelHandle> model = load_model(folder.write("robot.xml", robot));
  ASSERT_TRUE(model) << model.error().message;
  const ModelInfo info = describe(**model);
  ASSERT_EQ(info.joints.size(), 4u);
  EXPECT_EQ(info.joints[0].type, JointInfo::Type::free);
  const JointInfo& hip = info.joints[1];
  EXPECT_EQ(hip.name, "hip");
  EXPECT_EQ(hip.type, JointInfo::Type::hinge);
  EXPECT_TRUE(hip.limited);
  EXPECT_NEAR(hip.low, -1.5707963267948966, 1e-12);
  EXPECT_NEAR(hip.high, 0.78539816339744831, 1e-12);
  EXPECT_EQ(hip.qpos_address, 7);
  EXPECT_EQ(hip.dof_address, 6);
  EXPECT_EQ(hip.body, 2);
  EXPECT_EQ(hip.axis[1], 1);
  EXPECT_EQ(info.joints[2].type, JointInfo::Type::slide);
  EXPECT_FALSE(info.joints[2].limited);
  EXPECT_EQ(info.joints[2].axis[2], 1);  // normalised
  EXPECT_EQ(info.joints[3].type, JointInfo::Type::ball);

  ASSERT_EQ(info.actuators.size(), 2u);
  EXPECT_EQ(info.actuators[0].name, "hip");
  EXPECT_TRUE(info.actuators[0].limited);
  EXPECT_EQ(info.actuators[0].low, -2);
  EXPECT_EQ(info.actuators[0].high, 3);
  EXPECT_EQ(info.actuators[0].joint, "hip");
  EXPECT_FALSE(info.actuators[1].limited);
  EXPECT_EQ(info.actuators[1].low, -1);
}

}  // namespace
}  // namespace motet
