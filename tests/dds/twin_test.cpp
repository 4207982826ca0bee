// A simulated robot, heard and commanded over DDS.

#include "runtime/twin/twin.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bus_fixture.h"
#include "runtime/dds/topics.h"
#include "simulation_fixture.h"

namespace motet {
namespace {

using namespace motet::test;
using namespace dds::test;
using namespace std::chrono_literals;
using dds::Delivery;

// A wheel on a fixed axle that a motor turns, and a box in the air that turns about its z axis.
const char* const wheel = R"(<mujoco><option timestep="0.002" gravity="0 0 0"/><worldbody>
<body name="wheel"><joint name="axle" type="hinge" axis="0 0 1"/><geom type="cylinder" size="0.1 0.02" mass="1"/></body>
<body name="box" pos="0 0 1" quat="0.70710678 0.70710678 0 0"><freejoint name="free"/>
<geom type="box" size="0.1 0.1 0.1" mass="1" contype="0" conaffinity="0"/></body>
</worldbody><actuator><motor name="motor" joint="axle" gear="2" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>)";

EnvironmentPlan wheel_plan(const TemporaryFolder& folder) {
  std::ofstream(folder.path() / "wheel.xml") << wheel;
  EnvironmentPlan plan;
  plan.world = "bench";
  plan.robot = robot_plan(0.02, {{"motor", -1, 1}});
  plan.robot.model = "project/wheel.xml";
  plan.horizon = 1000;
  plan.observation_size = 1;
  ProgramBuilder reset, step;
  const Value turning = reset.constant({0, 0, 0, 0, 0, 3});
  reset.output("reset.0", turning);
  plan.reset = reset.program();
  plan.resets = {{{SignalKind::joint_vel, "free", {}, 6}, 0, false, *plan.reset.find("reset.0")}};
  step.output("observation", step.load(SignalKind::joint_pos, 1, "axle"));
  plan.step = step.program();
  return plan;
}

class TwinTest : public testing::Test {
 protected:
  void make(TwinOptions options = {}) {
    options.domain = domain();
    options.rate = 100;
    auto made = Twin::make(plan_, {folder_.path(), {}}, options);
    ASSERT_TRUE(made) << made.error().message;
    twin_ = std::move(*made);
    // Discovery, while the twin's time stands still.
    ASSERT_TRUE(within(10s, [&] {
      return states_.publishers() == 1 && imus_.publishers() == 1 && commands_.subscribers() == 1 &&
             stops_.subscribers() == 1 && resets_.subscribers() == 1;
    }));
  }
  // Lets messages that were published just now arrive.
  void settle() { std::this_thread::sleep_for(20ms); }
  void run(double seconds) {
    for (double end = now_ + seconds; now_ < end; now_ += 0.002) twin_->step(now_);
  }
  dds::JointState state() {
    settle();
    dds::JointState newest;
    while (const auto received = states_.take()) newest = received->message;
    return newest;
  }
  void command(double value) {
    ASSERT_TRUE(commands_.publish({{value}}));
    settle();
  }

  const TemporaryFolder folder_;
  const EnvironmentPlan plan_ = wheel_plan(folder_);
  std::unique_ptr<Twin> twin_;
  double now_ = 100;
  dds::Subscriber<dds::JointState> states_ = std::move(
      *dds::Subscriber<dds::JointState>::make(bus(), dds::joint_states_topic, Delivery::best_effort));
  dds::Subscriber<dds::Imu> imus_ =
      std::move(*dds::Subscriber<dds::Imu>::make(bus(), dds::imu_topic, Delivery::best_effort));
  dds::Publisher<dds::Numbers> commands_ =
      std::move(*dds::Publisher<dds::Numbers>::make(bus(), dds::effort_topic, Delivery::reliable));
  dds::Publisher<dds::Flag> stops_ =
      std::move(*dds::Publisher<dds::Flag>::make(bus(), dds::stop_topic, Delivery::reliable));
  dds::Publisher<dds::Flag> resets_ =
      std::move(*dds::Publisher<dds::Flag>::make(bus(), dds::reset_topic, Delivery::reliable));
};

// A disc of mass 1 and radius 0.1 has 0.005 kg m^2; an effort of 1 N m, a control of 0.5, turns it by 200
// rad/s^2.
TEST_F(TwinTest, FollowsCommandsAndSaysWhereItIs) {
  make();
  command(1);
  run(0.1);
  const dds::JointState heard = state();
  ASSERT_EQ(heard.names, std::vector<std::string>{"axle"});
  EXPECT_NEAR(heard.velocity[0], 200 * (heard.stamp - 100 + 0.002), 0.5);
  EXPECT_NEAR(heard.effort[0], 1, 1e-9);
  EXPECT_EQ(twin_->report().commands, 1);
}

// The box began turned by 90 degrees about x and turns by 3 rad/s about its own z axis: MuJoCo's free joints
// have their angular velocity in the body's frame, as an inertial unit has.
TEST_F(TwinTest, MeasuresInTheFrameOfItsBody) {
  make();
  run(0.05);
  settle();
  std::optional<dds::Imu> newest;
  while (const auto received = imus_.take()) newest = received->message;
  ASSERT_TRUE(newest);
  EXPECT_NEAR(newest->angular_velocity[0], 0, 1e-6);
  EXPECT_NEAR(newest->angular_velocity[1], 0, 1e-6);
  EXPECT_NEAR(newest->angular_velocity[2], 3, 1e-6);
}

TEST_F(TwinTest, FollowsOneMaster) {
  make();
  auto other = std::move(*dds::Publisher<dds::Numbers>::make(bus(), dds::effort_topic, Delivery::reliable));
  ASSERT_TRUE(within(10s, [&] { return other.subscribers() == 1; }));
  command(0.5);
  run(0.02);
  ASSERT_TRUE(other.publish({{-1}}));
  settle();
  run(0.02);
  EXPECT_EQ(twin_->report().commands, 1);
  EXPECT_EQ(twin_->report().refused, 1);
  // A second of silence, and another may command.
  run(1.1);
  ASSERT_TRUE(other.publish({{-1}}));
  settle();
  run(0.02);
  EXPECT_EQ(twin_->report().commands, 2);
}

// As the watchdog of any robot's driver does.
TEST_F(TwinTest, RestsWhereNobodyCommands) {
  make();
  command(1);
  run(0.4);
  EXPECT_NEAR(state().effort[0], 1, 1e-9);
  run(0.2);
  EXPECT_EQ(state().effort[0], 0);
}

TEST_F(TwinTest, RefusesCommandsThatAreNotItsOwn) {
  make();
  ASSERT_TRUE(commands_.publish({{1, 2}}));
  settle();
  run(0.02);
  EXPECT_EQ(twin_->report().refused, 1);
  command(std::nan(""));
  run(0.02);
  EXPECT_EQ(state().effort[0], 0);
}

TEST_F(TwinTest, StopsAndBeginsAgain) {
  make();
  command(1);
  run(0.02);
  ASSERT_TRUE(stops_.publish({true}));
  settle();
  command(1);
  run(0.02);
  EXPECT_EQ(state().effort[0], 0);
  ASSERT_TRUE(resets_.publish({true}));
  settle();
  run(0.004);
  EXPECT_EQ(twin_->report().resets, 1);
  command(1);
  run(0.04);
  EXPECT_NEAR(state().effort[0], 1, 1e-9);
}

TEST_F(TwinTest, IsHeardLate) {
  make({.faults = {.latency = 0.05, .jitter = 0, .loss = 0}});
  run(0.04);
  EXPECT_TRUE(state().names.empty());
  run(0.04);
  const dds::JointState heard = state();
  ASSERT_FALSE(heard.names.empty());
  EXPECT_NEAR(heard.stamp, now_ - 0.05, 0.015);
}

TEST_F(TwinTest, LosesMessages) {
  make({.faults = {.latency = 0, .jitter = 0, .loss = 1}});
  command(0.5);
  run(0.1);
  EXPECT_TRUE(state().names.empty());
  EXPECT_EQ(twin_->report().commands, 0);
}

TEST_F(TwinTest, IsNoisyAndHeavierWhereAsked) {
  make({.faults = {}, .noise = 0.1, .mass_error = 1});
  double sum = 0, squares = 0;
  int count = 0;
  for (int i = 0; i < 40; ++i) {
    run(0.04);
    settle();
    while (const auto received = states_.take()) {
      sum += received->message.position[0];
      squares += received->message.position[0] * received->message.position[0];
      ++count;
    }
  }
  ASSERT_GT(count, 100);
  EXPECT_NEAR(sum / count, 0, 0.05);
  EXPECT_NEAR(std::sqrt(squares / count), 0.1, 0.03);
}

TEST(TwinErrors, APointHasNothingToSay) {
  EnvironmentPlan plan;
  plan.robot.name = "dot";
  plan.robot.point_dimensions = 2;
  const auto made = Twin::make(plan, {}, {});
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("is a point"), std::string::npos);
}

TEST(Channel, KeepsOrderWithoutJitter) {
  Channel<int> channel({0.1, 0, 0}, Random(1));
  for (int i = 0; i < 5; ++i) channel.put(i, 0.01 * i);
  std::vector<int> taken;
  channel.take(0.125, [&](int i) { taken.push_back(i); });
  EXPECT_EQ(taken, (std::vector<int>{0, 1, 2}));
}

TEST(Channel, LosesItsPart) {
  Channel<int> channel({0, 0, 0.25}, Random(1));
  for (int i = 0; i < 4000; ++i) channel.put(i, 0);
  int count = 0;
  channel.take(0, [&](int) { ++count; });
  EXPECT_NEAR(count, 3000, 120);
}

}  // namespace
}  // namespace motet
