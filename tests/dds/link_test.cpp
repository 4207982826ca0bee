// A link to a simulated robot, over the network.

#include "runtime/links/dds_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <optional>
#include <thread>

#include "bus_fixture.h"
#include "runtime/bundle/untrained.h"
#include "runtime/dds/topics.h"
#include "runtime/robot/robot_contract.h"
#include "runtime/twin/twin.h"
#include "simulation_fixture.h"

namespace motet {
namespace {

using namespace motet::test;
using namespace dds::test;
using namespace std::chrono_literals;
using dds::Delivery;
using testing::HasSubstr;

// Two wheels on fixed axles that motors turn, and a box in the air.
const char* const wheels = R"(<mujoco><option timestep="0.002" gravity="0 0 0"/><worldbody>
<body name="left"><joint name="left" type="hinge" axis="0 0 1"/><geom type="cylinder" size="0.1 0.02" mass="1"/></body>
<body name="right" pos="1 0 0"><joint name="right" type="hinge" axis="0 0 1"/><geom type="cylinder" size="0.1 0.02" mass="1"/></body>
<body name="box" pos="0 0 1" quat="0.70710678 0.70710678 0 0"><freejoint name="free"/>
<geom type="box" size="0.1 0.1 0.1" mass="1" contype="0" conaffinity="0"/></body>
</worldbody><actuator>
<motor name="left_motor" joint="left" gear="2" ctrllimited="true" ctrlrange="-1 1"/>
<motor name="right_motor" joint="right" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>)";

class LinkTest : public testing::Test {
 protected:
  LinkTest() {
    std::ofstream(folder_.path() / "wheels.xml") << wheels;
    plan_.world = "bench";
    plan_.robot = robot_plan(0.02, {{"left_motor", -1, 1}, {"right_motor", -1, 1}});
    plan_.robot.name = "wheels";
    plan_.robot.model = "project/wheels.xml";
    plan_.horizon = 1000;
    plan_.observation_size = 1;
    ProgramBuilder step;
    step.output("observation", step.load(SignalKind::joint_pos, 1, "left"));
    plan_.step = step.program();
    contract_ = *robot_contract(plan_, {folder_.path(), {}});
    contract_.skill = "turn";
    file_ = plain_link(contract_);
    file_.domain = domain();
  }
  ~LinkTest() override { stop_robot(); }

  void start_robot(TwinOptions options = {}) {
    options.domain = domain();
    if (options.rate == 0) options.rate = 200;
    auto made = Twin::make(plan_, {folder_.path(), {}}, options);
    ASSERT_TRUE(made) << made.error().message;
    twin_ = std::move(*made);
    stop_ = false;
    robot_ = std::thread([this] { twin_->run(stop_); });
  }
  void stop_robot() {
    stop_ = true;
    if (robot_.joinable()) robot_.join();
    twin_.reset();
  }
  Status activate(DdsLink& link) {
    const Status configured = link.configure(contract_, signals_);
    return configured ? link.activate() : configured;
  }
  std::string refusal(DdsLink& link) {
    const Status status = activate(link);
    EXPECT_FALSE(status);
    return status ? "" : status.error().message;
  }
  // What the link says, and how old it is.
  std::vector<double> read(DdsLink& link, double* age = nullptr) {
    std::vector<double> values(signals_.size());
    double old = 0;
    EXPECT_TRUE(link.read(values, old));
    if (age != nullptr) *age = old;
    return values;
  }

  const TemporaryFolder folder_;
  EnvironmentPlan plan_;
  Contract contract_;
  LinkFile file_;
  std::vector<SignalRef> signals_{{SignalKind::joint_pos, "left", {}, 1},
                                  {SignalKind::joint_vel, "left", {}, 1},
                                  {SignalKind::joint_vel, "right", {}, 1}};
  MonotonicClock clock_;
  std::unique_ptr<Twin> twin_;
  std::atomic<bool> stop_{false};
  std::thread robot_;
};

// A disc of 0.005 kg m^2: an effort of 0.1 N m turns it by 20 rad/s^2.
TEST_F(LinkTest, CommandsARobotAndHearsIt) {
  start_robot();
  DdsLink link(file_, clock_);
  const Status status = activate(link);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_NEAR(link.joint_state_rate(), 200, 40);
  double age = 1;
  EXPECT_EQ(read(link, &age)[2], 0);
  EXPECT_LT(age, 0.1);
  const double begin = clock_.now();
  while (clock_.now() < begin + 0.3) {
    link.write(std::vector<double>{0.05, -0.1});
    std::this_thread::sleep_for(5ms);
  }
  const double passed = clock_.now() - begin;
  const std::vector<double> heard = read(link);
  EXPECT_NEAR(heard[1], 20 * passed, 3) << "a gear of 2";
  EXPECT_NEAR(heard[2], -20 * passed, 3);
  EXPECT_GT(heard[0], 0);
  link.write(std::vector<double>{0, 0});
  link.deactivate();
  EXPECT_GT(twin_->report().commands, 10);
}

TEST_F(LinkTest, SpeaksTheRobotsOrderAndDirections) {
  start_robot();
  file_.efforts = {"left_motor", "right_motor"};
  file_.joints[0] = {"left", "right", -1, 0, "deg", {}};
  file_.joints[1] = {"right", "left", 1, 0, "rad", {}};
  file_.efforts = {"right_motor", "left_motor"};  // its controller's first is what it calls left
  DdsLink link(file_, clock_);
  ASSERT_TRUE(activate(link));
  const double begin = clock_.now();
  while (clock_.now() < begin + 0.2) {
    link.write(std::vector<double>{0.05, 0});  // 0.1 N m of the model's left: -0.1 of its right
    std::this_thread::sleep_for(5ms);
  }
  const double passed = clock_.now() - begin;
  const std::vector<double> heard = read(link);
  EXPECT_NEAR(heard[1], 20 * passed * (2 * std::acos(-1.0) / 360), 0.1)
      << "it says rad/s, and is read as degrees";
  EXPECT_EQ(heard[2], 0);
}

TEST_F(LinkTest, NobodyThereIsSaid) {
  DdsLink link(file_, clock_);
  EXPECT_THAT(refusal(link), testing::AllOf(HasSubstr("/joint_states"), HasSubstr("domain")));
}

TEST_F(LinkTest, AJointThatIsMissingIsNamed) {
  start_robot();
  file_.joints[1].at = "elbow";
  DdsLink link(file_, clock_);
  EXPECT_THAT(refusal(link), testing::AllOf(HasSubstr("lacks `elbow`"), HasSubstr("it has left, right")));
}

TEST_F(LinkTest, ARobotThatSpeaksTooSeldomIsRefused) {
  TwinOptions seldom;
  seldom.rate = 20;
  start_robot(seldom);
  DdsLink link(file_, clock_);
  EXPECT_THAT(refusal(link), HasSubstr("the policy acts 50 times"));
}

TEST_F(LinkTest, AFileOfAnotherRobotIsRefused) {
  file_.robot = "arm";
  DdsLink link(file_, clock_);
  EXPECT_THAT(refusal(link), HasSubstr("`arm`"));
}

TEST_F(LinkTest, AControllerThatDoesNotListenIsRefused) {
  start_robot();
  file_.effort = "/another_controller/commands";
  DdsLink link(file_, clock_);
  EXPECT_THAT(refusal(link), HasSubstr("nobody listens on `/another_controller/commands`"));
}

TEST_F(LinkTest, TheSecondMasterIsRefused) {
  start_robot();
  DdsLink first(file_, clock_), second(file_, clock_);
  ASSERT_TRUE(activate(first));
  EXPECT_THAT(refusal(second), HasSubstr("another master"));
  EXPECT_EQ(first.stop_requested(), StopReason::none) << "it never commanded";
  first.deactivate();
  const Status after = activate(second);
  EXPECT_TRUE(after) << after.error().message;
}

TEST_F(LinkTest, AtMostOneOfTwoThatComeAtOnceIsTheMaster) {
  start_robot();
  DdsLink first(file_, clock_), second(file_, clock_);
  bool one = false, other = false;
  std::thread beside([&] { one = bool(activate(first)); });
  other = bool(activate(second));
  beside.join();
  EXPECT_FALSE(one && other);
}

TEST_F(LinkTest, OneWhoCommandsBesidesStopsIt) {
  start_robot();
  DdsLink link(file_, clock_);
  ASSERT_TRUE(activate(link));
  const auto other = dds::Publisher<dds::Numbers>::make(bus(), dds::effort_topic, Delivery::reliable);
  EXPECT_TRUE(within(5s, [&] { return link.stop_requested() == StopReason::another_master; }));
}

TEST_F(LinkTest, AnEmergencyStopOnTheNetworkIsHeard) {
  start_robot();
  DdsLink link(file_, clock_);
  ASSERT_TRUE(activate(link));
  EXPECT_EQ(link.stop_requested(), StopReason::none);
  auto stop = std::move(*dds::Publisher<dds::Flag>::make(bus(), dds::stop_topic, Delivery::reliable));
  ASSERT_TRUE(within(5s, [&] { return stop.subscribers() == 2; }));
  ASSERT_TRUE(stop.publish({true}));
  EXPECT_TRUE(within(1s, [&] { return link.stop_requested() == StopReason::emergency_stop; }));
}

// A robot that only says where its wheels are, and listens.
class Speaker {
 public:
  // `at`: where they are, rad.
  Speaker(std::shared_ptr<dds::Bus> bus, double at)
      : states_(std::move(
            *dds::Publisher<dds::JointState>::make(bus, dds::joint_states_topic, Delivery::best_effort))),
        efforts_(
            std::move(*dds::Subscriber<dds::Numbers>::make(bus, dds::effort_topic, Delivery::best_effort))),
        wheels_(at),
        thread_([this](const std::stop_token& stop) { speak(stop); }) {}
  // Its stamps stay as they are, as those of a bridge do whose robot has died.
  void repeat_itself() { repeats_ = true; }

 private:
  void speak(const std::stop_token& stop) {
    for (double stamp = 12.5; !stop.stop_requested(); stamp += repeats_ ? 0 : 0.005) {
      (void)states_.publish({stamp, {"left", "right"}, {wheels_, wheels_}, {0, 0}, {}});
      std::this_thread::sleep_for(5ms);
    }
  }
  dds::Publisher<dds::JointState> states_;
  dds::Subscriber<dds::Numbers> efforts_;
  double wheels_;
  std::atomic<bool> repeats_{false};
  std::jthread thread_;
};

TEST_F(LinkTest, WhatIsRepeatedGrowsOld) {
  Speaker robot(bus(), 1);
  DdsLink link(file_, clock_);
  const Status status = activate(link);
  ASSERT_TRUE(status) << status.error().message;
  double age = 1;
  EXPECT_EQ(read(link, &age)[0], 1);
  EXPECT_LT(age, 0.1);
  robot.repeat_itself();
  std::this_thread::sleep_for(300ms);
  read(link, &age);
  EXPECT_GT(age, 0.2);
}

// Nobody has said of it that it may move.
TEST_F(LinkTest, ARobotThatComesInPlaceOfAnotherIsNotTakenForIt) {
  DdsLink link(file_, clock_);
  std::optional<Speaker> robot(std::in_place, bus(), 1);
  ASSERT_TRUE(activate(link));
  robot.reset();
  robot.emplace(bus(), 2);
  std::this_thread::sleep_for(300ms);
  double age = 0;
  EXPECT_EQ(read(link, &age)[0], 1);
  EXPECT_GT(age, 0.2);
  link.deactivate();
  ASSERT_TRUE(activate(link));
  EXPECT_EQ(read(link, &age)[0], 2);
  EXPECT_LT(age, 0.1);
}

TEST_F(LinkTest, TwoRobotsOnTheSameTopicsAreRefused) {
  const Speaker one(bus(), 1), other(bus(), 2);
  DdsLink link(file_, clock_);
  EXPECT_THAT(refusal(link), HasSubstr("two robots speak on `/joint_states`"));
}

// The inertial unit and motion capture, against the simulation: the box is turned by 90 degrees about x.
TEST_F(LinkTest, SaysHowABodyLiesAndWhereItIs) {
  signals_ = {{SignalKind::body_roll, "box", {}, 1},
              {SignalKind::body_up, "box", {}, 3},
              {SignalKind::body_pos, "box", {}, 3}};
  start_robot();
  DdsLink link(file_, clock_);
  ASSERT_TRUE(activate(link));
  std::vector<double> values(7);
  double age = 0;
  ASSERT_TRUE(link.read(values, age));
  const std::vector<double> expected{std::acos(-1.0) / 2, 0, -1, 0, 0, 0, 1};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(values[i], expected[i], 1e-6) << i;
}

}  // namespace
}  // namespace motet
