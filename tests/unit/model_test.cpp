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
using testing::Not;
using testing::UnorderedElementsAre;

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

// --- what is refused --------------------------------------------------------------------------

std::string refusal(const std::filesystem::path& file) {
  Result<ModelHandle> model = load_model(file);
  return model ? "it was loaded" : model.error().message;
}

TEST(ModelError, NamesTheFileAndMujocosReason) {
  const TemporaryFolder folder;
  const auto file =
      folder.write("massless.xml", "<mujoco><worldbody><body><freejoint/></body></worldbody></mujoco>");
  const std::string message = refusal(file);
  EXPECT_THAT(message, HasSubstr(file.string()));
  EXPECT_THAT(message, HasSubstr("mass and inertia of moving bodies"));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
}

// MuJoCo 2.2 raises these from its engine, where it ends the process unless it is stopped.
TEST(ModelError, AnErrorOfTheEngineDoesNotEndTheProcess) {
  const TemporaryFolder folder;
  const auto file = folder.write("stack.xml",
                                 "<mujoco><size nstack='1'/><worldbody><body><freejoint/><geom size='.1'/>"
                                 "</body></worldbody></mujoco>");
  refusal(file);
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
}

TEST(ModelError, MissingAndSpecialFiles) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.path() / "none.xml"), HasSubstr("No such file"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(folder.write("empty.xml", "")), HasSubstr("no XML element"));
  EXPECT_THAT(refusal(folder.write("text.xml", "hello")), HasSubstr("no XML element"));
  EXPECT_THAT(refusal(folder.write("zero.xml", std::string_view("<mujoco>\0</mujoco>", 18))),
              HasSubstr("zero bytes"));
}

TEST(ModelError, MissingIncludeAndMissingMesh) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.write("a.xml", "<mujoco><include file='gone.xml'/></mujoco>")),
              HasSubstr("gone.xml"));
  EXPECT_THAT(refusal(folder.write("b.xml",
                                   "<mujoco><asset><mesh name='m' file='gone.stl'/></asset><worldbody>"
                                   "<geom type='mesh' mesh='m'/></worldbody></mujoco>")),
              HasSubstr("gone.stl"));
}

TEST(ModelError, MalformedXmlIsLocated) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.write("a.xml", "<mujoco>\n<worldbody>\n</mujoco>")), HasSubstr("line 3"));
  EXPECT_THAT(refusal(folder.write("b.xml", "<mujoco>\n<geom size=3/></mujoco>")), HasSubstr("line 2"));
  EXPECT_THAT(refusal(folder.write("c.xml", "<mujoco a='1' a='2'/>")), HasSubstr("twice"));
  EXPECT_THAT(refusal(folder.write("d.xml", "<mujoco><!-- ")), HasSubstr("-->"));
  EXPECT_THAT(refusal(folder.write("e.xml", "<mujoco><body")), HasSubstr("does not end"));
}

TEST(ModelLimit, LargeText) {
  const TemporaryFolder folder;
  const std::string filler(9u << 20, ' ');
  EXPECT_THAT(refusal(folder.write("big.xml", filler + filler)), HasSubstr("16 MiB"));
  folder.write("half.xml", "<mujoco>" + filler + "</mujoco>");
  EXPECT_THAT(refusal(folder.write("two.xml", "<mujoco><include file='half.xml'/>" + filler + "</mujoco>")),
              HasSubstr("16 MiB"));
}

TEST(ModelLimit, Nesting) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "<body>";
  EXPECT_THAT(refusal(folder.write("deep.xml", "<mujoco><worldbody>" + text)), HasSubstr("nested deeper"));
}

TEST(ModelLimit, WhatTakesGigabytes) {
  const TemporaryFolder folder;
  const std::pair<const char*, const char*> hostile[] = {
      {"<size nuser_body='2000000000'/>", "nuser_body"},
      {"<size nstack='2000000000'/>", "nstack"},
      {"<size njmax='1000000'/>", "njmax"},
      {"<size memory='90G'/>", "memory"},
      {"<size nkey='1e9'/>", "nkey"},
      {"<asset><hfield name='x' nrow='100000' ncol='100000' size='1 1 1 1'/></asset>", "nrow"},
      {"<asset><texture type='2d' builtin='flat' width='1000000' height='10'/></asset>", "width"},
      {"<custom><numeric name='x' size='2000000000'/></custom>", "numeric size"},
      {"<worldbody><composite type='grid' count='1000 1000 1' spacing='1'/></worldbody>", "elements"},
      {"<worldbody><replicate count='1000'><replicate "
       "count='1000'><geom/></replicate></replicate></worldbody>",
       "elements"},
  };
  for (const auto& [element, word] : hostile) {
    const auto file = folder.write("hostile.xml", "<mujoco>" + std::string(element) + "</mujoco>");
    EXPECT_THAT(refusal(file), HasSubstr(word)) << element;
  }
}

TEST(ModelLimit, TheNumberOfElements) {
  const TemporaryFolder folder;
  std::string bodies, geoms;
  for (int i = 0; i < 4001; ++i) bodies += "<body/>";
  for (int i = 0; i < 20'001; ++i) geoms += "<geom size='1'/>";
  EXPECT_THAT(refusal(folder.write("bodies.xml", "<mujoco><worldbody>" + bodies + "</worldbody></mujoco>")),
              HasSubstr("more bodies than 4000"));
  EXPECT_THAT(refusal(folder.write("geoms.xml", "<mujoco><worldbody>" + geoms + "</worldbody></mujoco>")),
              HasSubstr("more elements than 20000"));
}

TEST(ModelLimit, APictureThatUnpacksToGigabytes) {
  const TemporaryFolder folder;
  folder.write("bomb.png", std::string_view("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\10\2\0\0\0", 29));
  const auto file =
      folder.write("model.xml", "<mujoco><asset><texture type='2d' file='bomb.png'/></asset></mujoco>");
  EXPECT_THAT(refusal(file), HasSubstr("64 million pixels"));
}

// --- files ------------------------------------------------------------------------------------

std::vector<std::string> file_names(const TemporaryFolder& folder, const std::filesystem::path& file) {
  Result<std::vector<std::filesystem::path>> files = model_files(file);
  if (!files) return {files.error().message};
  std::vector<std::string> names;
  for (const auto& each : *files) names.push_back(each.lexically_relative(folder.path()).generic_string());
  return names;
}

TEST(ModelFiles, FollowsIncludesAndAssetFolders) {
  const TemporaryFolder folder;
  const auto file = folder.write("scene.xml", R"(<mujoco>
    <include file="parts/robot.xml"/>
    <asset>
      <texture name="t" type="2d" file="wood.png"/>
      <hfield name="h" file="hills.png" size="1 1 1 1"/>
    </asset>
    <!-- <include file="not_this.xml"/> -->
  </mujoco>)");
  folder.write("parts/robot.xml", R"(<mujoco>
    <compiler meshdir="meshes" texturedir="textures"/>
    <asset><mesh file="arm.stl"/><mesh name="again" file="arm.stl"/></asset>
    <include file="parts/legs.xml"/>
  </mujoco>)");
  folder.write("parts/legs.xml", "<mujocoinclude><include file='parts/robot.xml'/></mujocoinclude>");
  EXPECT_THAT(file_names(folder, file),
              UnorderedElementsAre("scene.xml", "parts/robot.xml", "parts/legs.xml", "meshes/arm.stl",
                                   "textures/wood.png", "meshes/hills.png"));
}

TEST(ModelFiles, AssetFolderIsForBothAndNamesCanBeStripped) {
  const TemporaryFolder folder;
  const auto file = folder.write("a.xml", R"(<mujoco>
    <compiler assetdir="assets" strippath="true"/>
    <asset><mesh file="deep/down/arm.stl"/><texture type="skybox" fileup="up &amp; away.png"/></asset>
  </mujoco>)");
  EXPECT_THAT(file_names(folder, file), ElementsAre("a.xml", "assets/arm.stl", "assets/up & away.png"));
}

TEST(ModelFiles, TheHashChangesWithEachFileAndNotWithThePlace) {
  const TemporaryFolder one, two;
  const auto write = [](const TemporaryFolder& folder, std::string_view part) {
    folder.write("part.xml", part);
    return folder.write("model.xml", "<mujoco><include file='part.xml'/></mujoco>");
  };
  const Result<std::string> first = model_hash(write(one, "<mujoco/>"));
  const Result<std::string> second = model_hash(write(two, "<mujoco/>"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(first->size(), 64u);
  EXPECT_NE(*model_hash(write(two, "<mujoco />")), *first);
  EXPECT_FALSE(model_hash(one.path() / "none.xml"));
}

// --- URDF -------------------------------------------------------------------------------------

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
  EXPECT_THAT(file_names(folder, file), ElementsAre("robot/arm.urdf", "robot/meshes/fore.obj"));
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
