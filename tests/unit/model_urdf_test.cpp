#include "compiler/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "temporary_folder.h"

namespace motet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string urdf(std::string_view joints, std::string_view links = "") {
  const std::string inertial =
      "<inertial><origin xyz='0 0 0.12345678901'/><mass value='1.23456789012345'/>"
      "<inertia ixx='0.123456789' iyy='0.100000011' izz='0.2234568' ixy='0' ixz='0' iyz='0'/></inertial>";
  return "<robot name='arm'><link name='base'>" + inertial + "</link><link name='upper'>" + inertial +
         "</link><link name='fore'>" + inertial + "</link>" + std::string(links) + std::string(joints) +
         "</robot>";
}

constexpr std::string_view urdf_joints = R"(
  <joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/><axis xyz="0 1 0"/>
    <limit lower="-3.14159265358979" upper="1.25" effort="30.5" velocity="2"/></joint>
  <joint name="elbow &quot;1&quot;" type="continuous"><parent link="upper"/><child link="fore"/>
    <axis xyz="0 1 0"/><limit effort="7" velocity="2"/></joint>)";

TEST(Urdf, JointsWithAnEffortLimitBecomeMotors) {
  const TemporaryFolder folder;
  Result<ModelHandle> model = load_model(folder.write("arm.urdf", urdf(urdf_joints)));
  ASSERT_TRUE(model) << model.error().message;
  const ModelInfo info = describe(**model);
  ASSERT_EQ(info.actuators.size(), 2u);
  EXPECT_EQ(info.actuators[0].name, "shoulder");
  EXPECT_EQ(info.actuators[0].joint, "shoulder");
  EXPECT_TRUE(info.actuators[0].limited);
  EXPECT_EQ(info.actuators[0].low, -30.5);
  EXPECT_EQ(info.actuators[0].high, 30.5);
  EXPECT_EQ(info.actuators[1].name, "elbow \"1\"");
  EXPECT_EQ(info.joints[0].low, -3.14159265358979);
  EXPECT_EQ(info.joints[0].high, 1.25);
}

TEST(Urdf, WithoutEffortThereAreNoMotors) {
  const TemporaryFolder folder;
  Result<ModelHandle> model = load_model(folder.write(
      "arm.urdf", urdf("<joint name='a' type='revolute'><parent link='base'/><child link='upper'/>"
                       "<limit lower='-1' upper='1' effort='0' velocity='1'/></joint>"
                       "<joint name='b' type='fixed'><parent link='upper'/><child link='fore'/>"
                       "<limit effort='3' velocity='1'/></joint>")));
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_TRUE(describe(**model).actuators.empty());
}

constexpr std::string_view tetrahedron =
    "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n";

TEST(Urdf, MeshesAreFoundAndVisualOnesMayBeMissing) {
  const TemporaryFolder folder;
  folder.write("robot/meshes/fore.obj", tetrahedron);
  const std::string hand =
      "<mujoco><compiler meshdir='meshes'/></mujoco>"
      "<link name='hand'><inertial><mass value='1'/><inertia ixx='1' iyy='1' izz='1' ixy='0' ixz='0' "
      "iyz='0'/>"
      "</inertial><visual><geometry><mesh filename='package://robot/gone.dae'/></geometry></visual>"
      "<collision><geometry><mesh "
      "filename='package://robot/elsewhere/fore.obj'/></geometry></collision></link>"
      "<joint name='wrist' type='revolute'><parent link='fore'/><child link='hand'/><limit lower='-1' "
      "upper='1' effort='2' velocity='1'/></joint>";
  const auto file = folder.write("robot/arm.urdf", urdf(urdf_joints, hand));
  Result<ModelHandle> model = load_model(file);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(describe(**model).actuators.size(), 3u);
  const Result<std::vector<std::filesystem::path>> files = model_files(file);
  ASSERT_TRUE(files);
  EXPECT_THAT(*files, ElementsAre(file, folder.path() / "robot/meshes/fore.obj"));
}

// MuJoCo 2.2 crashes on these.
TEST(Urdf, UnknownJointTypesAreRefused) {
  const TemporaryFolder folder;
  for (const char* type : {"type='ball'", "type=''", ""}) {
    const std::string joint = "<joint name='hip' " + std::string(type) +
                              "><parent link='base'/><child link='upper'/><limit effort='3'/></joint>";
    Result<ModelHandle> model = load_model(folder.write("arm.urdf", urdf(joint)));
    ASSERT_FALSE(model);
    EXPECT_THAT(model.error().message, HasSubstr("line 1: the joint hip needs a type"));
  }
}

TEST(Urdf, LoadsInParallel) {
  const TemporaryFolder folder;
  const auto file = folder.write("arm.urdf", urdf(urdf_joints));
  std::vector<std::thread> threads;
  std::atomic<int> loaded = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 5; ++k) {
        Result<ModelHandle> model = load_model(file);
        loaded += model && describe(**model).actuators.size() == 2;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(loaded, 20);
}

}  // namespace
}  // namespace motet
