// A world that was saved and restored goes on bit for bit as one that was not.

#include <gtest/gtest.h>

#include <cstring>

#include "world_fixture.h"

namespace motet {
namespace {

// Everything that a step gives, as bits.
class Trace {
 public:
  void add(const World& world, const StepResult& result) {
    put(result.reward);
    put(world.episode().episode_return);
    put(static_cast<double>(world.episode().length));
    put(static_cast<double>(world.unstable_episodes()));
    put(world.time());
    put(result.terminated * 8.0 + result.truncated * 4.0 + result.success * 2.0 + result.unstable * 1.0);
    for (const double x : world.episode().term_sums) put(x);
    for (const double x : world.episode().measures) put(x);
    for (const double x : world.reward_terms()) put(x);
    for (const float x : world.observation()) put(x);
  }
  friend bool operator==(const Trace&, const Trace&) = default;
  std::size_t size() const { return bits_.size(); }

 private:
  void put(double x) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    bits_.push_back(bits);
  }
  std::vector<std::uint64_t> bits_;
};

void run(World& world, int from, int to, Trace& trace) {
  std::vector<float> action(static_cast<std::size_t>(world.action_size()));
  for (int i = from; i < to; ++i) {
    for (std::size_t j = 0; j < action.size(); ++j) action[j] = test::swaying(i, j);
    const StepResult result = world.step(action);
    trace.add(world, result);
    if (result.terminated || result.truncated) world.reset();
  }
}

void expect_resumes(const EnvironmentPlan& plan, const ModelRoots& roots, int steps, int stop) {
  auto whole = test::world_of(plan, roots), first = test::world_of(plan, roots),
       second = test::world_of(plan, roots, 99);
  ASSERT_TRUE(whole && first && second);
  Trace expected, actual;
  whole->reset();
  run(*whole, 0, steps, expected);
  first->reset();
  run(*first, 0, stop, actual);
  Archive archive;
  first->save(archive, "world");
  const Status restored = second->restore(archive, "world");
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_TRUE(
      std::equal(first->observation().begin(), first->observation().end(), second->observation().begin()));
  run(*second, stop, steps, actual);
  EXPECT_EQ(expected.size(), actual.size());
  EXPECT_TRUE(expected == actual);
  EXPECT_EQ(whole->unstable_episodes(), 0) << whole->unstable_reason();
}

TEST(WorldResume, APoint) {
  expect_resumes(test::point_plan(), {}, 1000, 357);
}

TEST(WorldResume, ARobotWithHingesAndContacts) {
  expect_resumes(test::half_cheetah_plan(200), test::library_roots(), 1000, 357);
}

TEST(WorldResume, InTheFirstAndTheLastStepOfAnEpisode) {
  for (const int stop : {0, 1, 49, 50, 51})
    expect_resumes(test::half_cheetah_plan(50), test::library_roots(), 120, stop);
}

// A robot whose controller reads forces in the middle of a control step, with a muscle's activation
// as part of its state, a target that the reset moves, and a limit on the rate of its action.
const char* const cart = R"(<mujoco>
  <option timestep="0.004" cone="elliptic"/>
  <worldbody>
    <geom name="floor" type="plane" size="0 0 1"/>
    <body name="cart" pos="0 0 0.2"><freejoint/>
      <geom name="hull" type="box" size="0.2 0.1 0.1" mass="2" friction="0.3"/>
      <body name="pole" pos="0 0 0.1"><joint name="hinge" axis="0 1 0" damping="0.1"/>
        <geom name="rod" type="capsule" size="0.03" fromto="0 0 0.1 0 0 0.5" mass="0.3"/>
        <site name="tip" pos="0 0 0.5"/>
        <body name="flail" pos="0 0 0.6"><joint name="twist" type="ball" damping="0.2"/>
          <geom name="knob" size="0.04" pos="0.1 0 0" mass="0.1"/></body>
      </body>
    </body>
    <body name="goal" pos="1 0 0"/>
    <body name="hand" mocap="true" pos="0 0 2"/>
  </worldbody>
  <actuator>
    <motor name="kick" joint="hinge" ctrllimited="true" ctrlrange="-1 1"/>
    <general name="lean" joint="hinge" dyntype="filter" dynprm="0.1" gear="5" ctrllimited="true" ctrlrange="-1 1"/>
  </actuator>
  <sensor><accelerometer name="felt" site="tip"/></sensor>
</mujoco>)";

EnvironmentPlan cart_plan() {
  EnvironmentPlan plan;
  plan.world = "yard";
  plan.scene = "project/cart.xml";
  plan.robot = test::robot_plan(0.02, {{"lean", -1, 1}, {"kick", -1, 1}});
  plan.robot.limits = {{LimitPlan::Kind::action_rate, {}, 0, 9},
                       {LimitPlan::Kind::joint_vel, "hinge", -2, 2}};
  plan.horizon = 150;

  test::ProgramBuilder drive;
  const test::Value asked = drive.load(SignalKind::action, 2),
                    felt = drive.load(SignalKind::sensor, 3, "felt");
  const test::Value force = drive.load(SignalKind::contact, 1, "floor", "hull");
  const test::Value back = drive.op(Op::mul, drive.constant(0.01), drive.op(Op::add, felt.part(0), force));
  const test::Value rate = drive.op(Op::sub, back, drive.previous(back));
  const test::Value torque = drive.load(SignalKind::joint_torque, 1, "hinge");
  drive.output("lean", drive.op(Op::sub, asked.part(0), drive.op(Op::add, back, rate)));
  drive.output("kick", drive.op(Op::sub, asked.part(1), drive.op(Op::mul, drive.constant(0.1), torque)));
  plan.robot.drive = drive.program();

  test::ProgramBuilder reset;
  const test::Value at = reset.op(Op::draw_uniform, reset.constant({-1, -1, 0}), reset.constant({1, 1, 1}));
  const test::Value tilt = reset.op(Op::draw_normal, reset.constant({0, 0, 0, 0}), reset.constant(0.05));
  plan.reset = reset.program();
  plan.samples = {{"at", at.reg, 3}};
  plan.resets = {{{SignalKind::body_pos, "goal", {}, 3}, 0, false, {"at", at.reg, 3}},
                 {{SignalKind::body_pos, "hand", {}, 3}, 0, true, {"at", at.reg, 3}},
                 {{SignalKind::body_quat, "cart", {}, 4}, 0, true, {"tilt", tilt.reg, 4}}};

  test::ProgramBuilder step;
  const test::Value seen = step.join(
      {step.load(SignalKind::qpos, 12), step.load(SignalKind::qvel, 10),
       step.load(SignalKind::body_pos, 3, "goal"), step.load(SignalKind::body_pos, 3, "hand"),
       step.load(SignalKind::body_vel, 3, "pole"), step.load(SignalKind::com_vel, 3),
       step.load(SignalKind::sample, 3, "at"), step.load(SignalKind::sensor, 3, "felt"),
       step.load(SignalKind::contact, 1, "hull", "floor"), step.load(SignalKind::joint_torque, 1, "hinge")});
  plan.observation_size = static_cast<int>(seen.n);
  step.output("observation", seen).output("reward", step.reduce(Op::norm, seen));
  plan.step = step.program();
  return plan;
}

TEST(WorldResume, AControllerThatFeelsForces) {
  TemporaryFolder folder;
  folder.write("cart.xml", cart);
  expect_resumes(cart_plan(), {folder.path(), {}}, 700, 357);
}

TEST(WorldResume, AnotherWorldsArchiveIsRefused) {
  const EnvironmentPlan point = test::point_plan(), cheetah = test::half_cheetah_plan();
  auto a = test::world_of(point), b = test::world_of(cheetah, test::library_roots());
  a->reset();
  b->reset();
  Archive archive;
  a->save(archive, "world");
  EXPECT_FALSE(b->restore(archive, "world"));
  EXPECT_FALSE(a->restore(archive, "other"));
}

}  // namespace
}  // namespace motet
