// The library's robots under Gymnasium's rules, worked out here from the state before and after, and
// controllers and rates written as programs.

#include <gtest/gtest.h>

#include <cmath>

#include "world_fixture.h"

namespace motet {
namespace {

using test::ProgramBuilder;
using test::Value;

// HalfCheetah-v4: (x' - x) / 0.05 - 0.1 |a|^2.
TEST(WorldGymnasium, HalfCheetahIsRewardedByItsSpeedLessItsEffort) {
  const EnvironmentPlan plan = test::half_cheetah_plan();
  auto world = test::world_of(plan, test::library_roots());
  world->reset();
  EXPECT_EQ(world->physics().substeps(), 5);
  test::Probe qpos(world->physics(), SignalKind::qpos, 9);
  double total = 0;
  for (int i = 0; i < 200; ++i) {
    const double before = qpos.read()[0];
    std::vector<float> action(6);
    double effort = 0;
    for (std::size_t j = 0; j < 6; ++j) {
      action[j] = test::swaying(i, j);
      effort += static_cast<double>(action[j]) * action[j];
    }
    const StepResult result = world->step(action);
    const double forward = (qpos.read()[0] - before) / 0.05;
    ASSERT_NEAR(result.reward, forward - 0.1 * effort, 1e-9) << "in step " << i;
    ASSERT_NEAR(world->reward_terms()[0], forward, 1e-9);
    ASSERT_NEAR(world->reward_terms()[1], -effort, 1e-9);
    total += result.reward;
  }
  EXPECT_NEAR(world->episode().episode_return, total, 1e-9);
  EXPECT_NEAR(world->time(), 200 * 0.05, 1e-9);
}

// Pendulum-v1: cos, sin and speed are observed; reward -(angle^2 + 0.1 speed^2 + 0.001 torque^2).
TEST(WorldGymnasium, PendulumFollowsThePublishedUpdate) {
  EnvironmentPlan plan;
  plan.world = "wall";
  plan.scene = "library/worlds/pendulum_wall.xml";
  plan.robot = test::robot_plan(0.05, {{"hinge", -2, 2}});
  plan.robot.limits = {{LimitPlan::Kind::joint_vel, "hinge", -8, 8}};
  plan.horizon = 200;
  plan.observation_size = 3;
  ProgramBuilder reset;
  const Value angle = reset.op(Op::draw_uniform, reset.constant(-M_PI), reset.constant(M_PI));
  const Value speed = reset.op(Op::draw_uniform, reset.constant(-1), reset.constant(1));
  plan.reset = reset.program();
  plan.resets = {{{SignalKind::joint_pos, "hinge", {}, 1}, 0, false, {"angle", angle.reg, 1}},
                 {{SignalKind::joint_vel, "hinge", {}, 1}, 0, false, {"speed", speed.reg, 1}}};
  ProgramBuilder step;
  const Value at = step.load(SignalKind::joint_pos, 1, "hinge"),
              fast = step.load(SignalKind::joint_vel, 1, "hinge");
  const Value asked = step.load(SignalKind::action, 1);
  const Value torque = step.op(Op::mul, step.constant(2), asked);
  const auto square = [&](Value x) { return step.op(Op::mul, x, x); };
  // The reward is of the angle and speed before the step.
  const Value before = step.op(Op::wrap, step.previous(at)), speed_before = step.previous(fast);
  const Value cost = step.op(Op::add, square(before),
                             step.op(Op::add, step.op(Op::mul, step.constant(0.1), square(speed_before)),
                                     step.op(Op::mul, step.constant(0.001), square(torque))));
  step.output("observation", step.join({step.op(Op::cos, at), step.op(Op::sin, at), fast}));
  step.output("reward", step.op(Op::neg, cost));
  plan.step = step.program();

  auto world = test::world_of(plan, test::library_roots());
  world->reset();
  test::Probe position(world->physics(), SignalKind::qpos, 1),
      velocity(world->physics(), SignalKind::qvel, 1);
  for (int i = 0; i < 200; ++i) {
    const double th = position.number(), thdot = velocity.number();
    const float a = test::swaying(i, 0);
    const double u = 2 * static_cast<double>(a), normal = std::remainder(th, 2 * M_PI);
    const double faster = std::clamp(thdot + (3 * 10 / 2.0 * std::sin(th) + 3 * u) * 0.05, -8.0, 8.0);
    const StepResult result = world->step({&a, 1});
    ASSERT_NEAR(result.reward, -(normal * normal + 0.1 * thdot * thdot + 0.001 * u * u), 1e-9);
    ASSERT_NEAR(velocity.number(), faster, 1e-9) << "in step " << i;
    ASSERT_NEAR(position.number(), th + faster * 0.05, 1e-9) << "in step " << i;
    ASSERT_NEAR(world->observation()[0], std::cos(position.number()), 1e-6);
    EXPECT_EQ(result.truncated, i == 199);
  }
}

const char* const slider = R"(<mujoco>
  <option timestep="0.005" gravity="0 0 0"/>
  <worldbody><body><joint name="rail" type="slide" axis="1 0 0"/><geom size="0.1" mass="2"/></body></worldbody>
  <actuator><motor name="push" joint="rail" ctrllimited="true" ctrlrange="-50 50"/></actuator>
</mujoco>)";

// drive motor(push) = pd(target, kp 30, kd 4), run before every physics step.
EnvironmentPlan driven_plan() {
  EnvironmentPlan plan;
  plan.world = "rail";
  plan.scene = "project/slider.xml";
  plan.robot = test::robot_plan(0.05, {{"push", -50, 50}});
  plan.robot.action = {{"target", -0.5, 1.5}};
  ProgramBuilder drive;
  const Value target = drive.load(SignalKind::action, 1),
              position = drive.load(SignalKind::joint_pos, 1, "rail");
  const Value velocity = drive.load(SignalKind::joint_vel, 1, "rail");
  drive.output("push",
               drive.op(Op::sub, drive.op(Op::mul, drive.constant(30), drive.op(Op::sub, target, position)),
                        drive.op(Op::mul, drive.constant(4), velocity)));
  plan.robot.drive = drive.program();
  ProgramBuilder step;
  const Value x = step.load(SignalKind::qpos, 1), v = step.load(SignalKind::qvel, 1);
  const Value rate = step.op(Op::div, step.op(Op::sub, x, step.previous(x)), step.constant(0.05));
  step.output("observation", step.join({x, v, rate})).output("reward", rate);
  plan.step = step.program();
  plan.observation_size = 3;
  return plan;
}

TEST(WorldDrive, APdControllerRunsBeforeEveryPhysicsStep) {
  TemporaryFolder folder;
  folder.write("slider.xml", slider);
  const EnvironmentPlan plan = driven_plan();
  auto world = test::world_of(plan, {folder.path(), {}});
  world->reset();
  EXPECT_EQ(world->observation()[2], 0) << "the rate at a reset";
  double x = 0, v = 0;
  for (int i = 0; i < 100; ++i) {
    const double before = x;
    for (int substep = 0; substep < 10; ++substep) {
      v += (30 * (1.1 - x) - 4 * v) / 2 * 0.005;
      x += v * 0.005;
    }
    const float action = 0.6F;  // mapped to 0.5 + 1 * 0.6
    const StepResult result = world->step({&action, 1});
    ASSERT_NEAR(world->observation()[0], x, 1e-5) << "in step " << i;
    ASSERT_NEAR(world->observation()[1], v, 1e-4);
    ASSERT_NEAR(result.reward, (x - before) / 0.05, 1e-5) << "the rate is a finite difference";
  }
  EXPECT_NEAR(world->observation()[0], 1.1, 0.05);
}

TEST(WorldDrive, AMissingCommandIsRefusedByName) {
  TemporaryFolder folder;
  folder.write("slider.xml", slider);
  EnvironmentPlan plan = driven_plan();
  plan.robot.drive->outputs[0].name = "pull";
  const auto world = World::make(plan, {folder.path(), {}}, Random(1));
  ASSERT_FALSE(world);
  EXPECT_NE(world.error().message.find("no output `push`"), std::string::npos) << world.error().message;
}

}  // namespace
}  // namespace motet
