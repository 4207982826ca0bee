// A link's file, and what it makes of readings and controls.

#include "runtime/links/link_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "runtime/control/report.h"
#include "runtime/links/robot_signals.h"
#include "runtime/links/triple_buffer.h"
#include "temporary_folder.h"

namespace motet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = ActuatorContract::Kind;
using Joint = JointContract::Type;

// A leg on a base that moves freely: a hip that turns, driven by torque; a knee, a servo; a toe that slides.
Contract leg() {
  Contract contract;
  contract.skill = "hop";
  contract.robot.name = "leg";
  contract.joints = {
      {.name = "base", .type = Joint::free},
      {.name = "hip", .type = Joint::hinge, .qpos = 7, .qvel = 6},
      {.name = "knee", .type = Joint::hinge, .limited = true, .low = -1, .high = 2, .qpos = 8, .qvel = 7},
      {.name = "toe", .type = Joint::slide, .qpos = 9, .qvel = 8}};
  contract.actuators = {
      {.name = "hip_motor", .joint = "hip", .kind = Kind::effort, .low = -1, .high = 1, .gear = 20},
      {.name = "knee_servo", .joint = "knee", .kind = Kind::position, .low = -2, .high = 2},
      {.name = "toe_drive", .joint = "toe", .kind = Kind::velocity, .low = -2, .high = 2}};
  return contract;
}

TEST(LinkFile, ComesBackFromItsText) {
  LinkFile link = plain_link(leg());
  link.domain = 7;
  link.joints[0].at = "motor \"1\"";
  link.joints[0].sign = -1;
  link.joints[0].offset = 0.25;
  link.joints[1].unit = "deg";
  link.joints[1].range = {-2, 3, 30};
  link.actuators[0].gain = 0.5;
  link.actuators[1].limit.rest = 0.1;
  link.mount = {std::sqrt(0.5), 0, 0, std::sqrt(0.5)};
  link.watch = {0.02, 0.05, 0.2, 3};
  link.ramp = 1.5;
  const std::string text = to_toml(link);
  const Result<LinkFile> read = link_from_toml(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_toml(*read), text);
  EXPECT_EQ(read->joints[0].at, "motor \"1\"");
  EXPECT_EQ(read->joints[1].range.fastest, 30);
  EXPECT_EQ(*read->actuators[1].limit.rest, 0.1);
  EXPECT_EQ(read->watch.most_missed, 3);
  EXPECT_NEAR(read->mount[3], std::sqrt(0.5), 1e-12);
}

TEST(LinkFile, ThePlainOneFitsItsRobot) {
  EXPECT_THAT(wrong_with(plain_link(leg()), leg()), IsEmpty());
}

TEST(LinkFile, AServoOfThePlainOneIsSlow) {
  EXPECT_EQ(plain_link(leg()).limits().at("knee_servo").rate, 4) << "its range in a second";
}

TEST(LinkFile, SaysAllThatDoesNotFit) {
  const auto wrong = [](auto change) {
    LinkFile link = plain_link(leg());
    change(link);
    const std::vector<std::string> all = wrong_with(link, leg());
    return all.empty() ? std::string() : all.front();
  };
  EXPECT_THAT(wrong([](LinkFile& link) { link.robot = "arm"; }), HasSubstr("the link of the robot `arm`"));
  EXPECT_THAT(wrong([](LinkFile& link) { link.joints[1].name = "elbow"; }),
              HasSubstr("no joint `elbow`; it has base, hip, knee, toe"));
  EXPECT_THAT(wrong([](LinkFile& link) { link.joints.pop_back(); }), IsEmpty())
      << "not every joint is measured";
  EXPECT_THAT(wrong([](LinkFile& link) { link.joints[1] = link.joints[0]; }), HasSubstr("there twice"));
  EXPECT_THAT(wrong([](LinkFile& link) { link.joints[1].at = "hip"; }), HasSubstr("both `hip` and `knee`"));
  EXPECT_THAT(wrong([](LinkFile& link) { link.joints[2].unit = "deg"; }), HasSubstr("it slides"));
  EXPECT_THAT(wrong([](LinkFile& link) {
                link.efforts = {"knee_servo", "hip_motor"};
              }),
              HasSubstr("`knee_servo` takes no effort"));
  EXPECT_THAT(wrong([](LinkFile& link) { link.positions = {}; }), HasSubstr("nobody would move it"));
  EXPECT_THAT(wrong([](LinkFile& link) {
                link.positions = {"knee_servo", "knee_servo"};
              }),
              HasSubstr("more than one place"));
  EXPECT_THAT(wrong([](LinkFile& link) {
                link.efforts = {"hip_motor", "tail"};
              }),
              HasSubstr("no such actuator"));
  EXPECT_THAT(wrong([](LinkFile& link) { link.actuators[0].limit.low = 0.1; }),
              HasSubstr("could not be let go"));
  EXPECT_THAT(wrong([](LinkFile& link) { link.actuators[0].name = "tail"; }),
              HasSubstr("no actuator `tail`"));
}

TEST(LinkFile, RefusesWhatCannotBe) {
  const std::string good = to_toml(plain_link(leg()));
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const Result<LinkFile> link = link_from_toml(text);
    EXPECT_FALSE(link) << to;
    return link ? "" : link.error().message;
  };
  EXPECT_THAT(refused("sign   = 1.0", "sign   = 0.5"), HasSubstr("1 or -1"));
  EXPECT_THAT(refused("unit   = \"rad\"", "unit   = \"feet\""), HasSubstr("rad, deg, rev, m or mm"));
  EXPECT_THAT(refused("offset = 0.0", "offset = nan"), HasSubstr("not finite"));
  EXPECT_THAT(refused("domain = 0", "domain = 999"), HasSubstr("domain"));
  EXPECT_THAT(refused("gain = 1.0", "gain = 0.0"), HasSubstr("nothing would be sent"));
  EXPECT_THAT(refused("hold_after  = 0.04", "hold_after  = 0.4"), HasSubstr("stop_after"));
  EXPECT_THAT(refused("stop_after  = 0.5", "stop_after  = 1e9"), HasSubstr("at most 10 s"));
  EXPECT_THAT(refused("mount", "munt"), HasSubstr("mount"));
  EXPECT_THAT(refused("[1.0, 0.0, 0.0, 0.0]", "[1.0, 1.0, 0.0, 0.0]"), HasSubstr("unit quaternion"));
  EXPECT_THAT(refused("domain", "colour = 1\ndomain"), HasSubstr("colour"));
  EXPECT_THAT(refused("[topics]", "[topics"), HasSubstr("line"));
}

TEST(LinkFile, SaysWhichFileCannotBeRead) {
  const TemporaryFolder folder;
  const Result<LinkFile> link = read_link(folder.path() / "none.toml");
  ASSERT_FALSE(link);
  EXPECT_THAT(link.error().message, HasSubstr("none.toml"));
}

RobotSignals signals_of(const LinkFile& link, const std::vector<SignalRef>& signals) {
  Result<RobotSignals> made = RobotSignals::make(leg(), link, signals);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return std::move(*made);
}

std::string refused(const std::vector<SignalRef>& signals, const LinkFile& link = plain_link(leg())) {
  const Result<RobotSignals> made = RobotSignals::make(leg(), link, signals);
  EXPECT_FALSE(made);
  return made ? "" : made.error().message;
}

// model = sign * unit * reading - offset; its velocity without the offset; its effort without the unit.
TEST(RobotSignals, TurnsReadingsIntoTheModels) {
  LinkFile link = plain_link(leg());
  link.joints[1] = {"knee", "KneeJoint", -1, 0.5, "deg", {}};
  const RobotSignals signals = signals_of(link, {{SignalKind::joint_torque, "knee", {}, 1},
                                                 {SignalKind::joint_pos, "knee", {}, 1},
                                                 {SignalKind::joint_vel, "knee", {}, 1}});
  ASSERT_EQ(signals.joints().size(), 1u);
  EXPECT_EQ(signals.joints()[0].at, "KneeJoint");
  EXPECT_TRUE(signals.joints()[0].effort);
  EXPECT_FALSE(signals.needs_imu());
  const JointReading reading = signals.joint(0, {90, 180, 3});
  std::vector<double> values(3);
  signals.compute({&reading, 1}, {}, values);
  EXPECT_NEAR(values[0], -3, 1e-12);
  EXPECT_NEAR(values[1], -M_PI / 2 - 0.5, 1e-12);
  EXPECT_NEAR(values[2], -M_PI, 1e-12);
}

// The unit is turned by a quarter about z on a body that pitches by 0.3 and turns about its own y axis.
TEST(RobotSignals, TurnsTheInertialUnitIntoItsBodysFrame) {
  LinkFile link = plain_link(leg());
  link.mount = {std::sqrt(0.5), 0, 0, std::sqrt(0.5)};
  const RobotSignals signals = signals_of(link, {{SignalKind::body_roll, "trunk", {}, 1},
                                                 {SignalKind::body_pitch, "trunk", {}, 1},
                                                 {SignalKind::sensor, "gyro", {}, 3},
                                                 {SignalKind::body_angvel, "trunk", {}, 3},
                                                 {SignalKind::body_up, "trunk", {}, 3},
                                                 {SignalKind::sensor, "accelerometer", {}, 3}});
  EXPECT_TRUE(signals.needs_imu());
  const Quaternion body{std::cos(0.15), 0, std::sin(0.15), 0};
  BodyMeasurement measured;
  measured.attitude = times(body, link.mount);
  measured.angular_velocity = turned(inverse_of(link.mount), {0, 2, 0});
  measured.acceleration = turned(inverse_of(link.mount), {0, 0, 9.8});
  std::vector<double> values(14);
  signals.compute({}, signals.body(measured), values);
  const std::vector<double> expected{0, 0.3, 0, 2, 0, 0, 2, 0, std::sin(0.3), 0, std::cos(0.3), 0, 0, 9.8};
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-12) << i;
}

TEST(RobotSignals, MotionCaptureSaysWhereABodyIs) {
  const RobotSignals signals = signals_of(plain_link(leg()), {{SignalKind::body_pos, "trunk", {}, 3}});
  EXPECT_TRUE(signals.needs_pose());
  EXPECT_FALSE(signals.needs_imu());
  BodyMeasurement measured;
  measured.position = {1, 2, 3};
  std::vector<double> values(3);
  signals.compute({}, signals.body(measured), values);
  EXPECT_THAT(values, ElementsAre(1, 2, 3));
}

TEST(RobotSignals, RefusesWhatIsNotMeasured) {
  EXPECT_THAT(refused({{SignalKind::body_vel, "trunk", {}, 3}}), HasSubstr("`body.vel(trunk)`"));
  EXPECT_THAT(refused({{SignalKind::qpos, {}, {}, 10}}), HasSubstr("joint(toe).pos"));
  EXPECT_THAT(refused({{SignalKind::sensor, "touch", {}, 1}}), HasSubstr("imu.gyro"));
  LinkFile less = plain_link(leg());
  less.joints.pop_back();
  EXPECT_THAT(refused({{SignalKind::joint_vel, "toe", {}, 1}}, less), HasSubstr("`joint.vel(toe)`"));
  EXPECT_THAT(refused({{SignalKind::joint_pos, "base", {}, 7}}), HasSubstr("more than one coordinate"));
  EXPECT_THAT(refused({{SignalKind::body_roll, "trunk", {}, 1}, {SignalKind::body_roll, "head", {}, 1}}),
              HasSubstr("is on `trunk`"));
}

TEST(RobotSignals, CoordinatesOfAnArmAreThoseOfItsJoints) {
  Contract arm = leg();
  arm.joints = {{.name = "elbow", .type = Joint::hinge, .qpos = 1, .qvel = 1},
                {.name = "shoulder", .type = Joint::hinge, .qpos = 0, .qvel = 0}};
  arm.actuators = {};
  const auto made = RobotSignals::make(arm, plain_link(arm),
                                       {{SignalKind::qpos, {}, {}, 2}, {SignalKind::qvel, {}, {}, 2}});
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->joints()[0].at, "shoulder");
  const std::vector<JointReading> readings{{1, 3, 0}, {2, 4, 0}};
  std::vector<double> values(4);
  made->compute(readings, {}, values);
  EXPECT_THAT(values, ElementsAre(1, 2, 3, 4));
}

// What is sent, read back as a reading, is the joint's again.
TEST(RobotCommands, SpeakInTheRobotsUnitsAndOrder) {
  LinkFile link = plain_link(leg());
  link.joints[0].sign = -1;
  link.joints[1] = {"knee", "knee", -1, 0.5, "deg", {}};
  link.joints[2].unit = "mm";
  link.actuators[0].gain = 0.1;
  const RobotCommands commands(leg(), link);
  ASSERT_EQ(commands.groups().size(), 3u);
  EXPECT_EQ(commands.groups()[1].topic, link.position);
  EXPECT_THAT(commands.groups()[1].actuators, ElementsAre(1u));
  EXPECT_NEAR(commands.command(0, 0.5), -0.1 * 20 * 0.5, 1e-12)
      << "a gear of 20: 10 Nm, the other way, times 0.1";
  EXPECT_NEAR(commands.command(2, 0.3), 300, 1e-9) << "mm a second";
  const RobotSignals signals = signals_of(link, {{SignalKind::joint_pos, "knee", {}, 1}});
  EXPECT_NEAR(signals.joint(0, {commands.command(1, 0.7), 0, 0}).position, 0.7, 1e-12);
}

TEST(RobotCommands, FollowTheControllersOrder) {
  Contract two = leg();
  two.actuators[1].kind = Kind::effort;
  LinkFile link = plain_link(two);
  link.efforts = {"knee_servo", "hip_motor"};
  EXPECT_THAT(RobotCommands(two, link).groups()[0].actuators, ElementsAre(1u, 0u));
}

TEST(TripleBuffer, GivesTheNewestWholeAndOnce) {
  TripleBuffer<std::vector<int>> buffer(std::vector<int>(64));
  EXPECT_FALSE(buffer.take());
  std::thread writer([&] {
    for (int i = 1; i <= 20'000; ++i) {
      std::fill(buffer.back().begin(), buffer.back().end(), i);
      buffer.publish();
    }
  });
  int last = 0;
  while (last < 20'000) {
    if (!buffer.take()) continue;
    const std::vector<int>& value = buffer.front();
    ASSERT_GT(value[0], last);
    last = value[0];
    for (const int each : value) ASSERT_EQ(each, last);
  }
  writer.join();
  EXPECT_FALSE(buffer.take());
}

}  // namespace
}  // namespace motet
