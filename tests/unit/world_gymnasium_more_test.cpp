// More of the library's robots under Gymnasium's rules. The programs are those that ship; what they should
// come to is worked out here from the state before and after.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "check_fixture.h"
#include "compiler/lower.h"
#include "world_fixture.h"

namespace motet {
namespace {

// The world and the reward of the skill `it`.
class Task {
 public:
  explicit Task(const std::string& text)
      : checked_(text), plan_(lowered(checked_)), world_(test::world_of(plan_, test::library_roots())) {}
  World& world() { return *world_; }

 private:
  static EnvironmentPlan lowered(const testing::Checked& checked) {
    const SkillNode& skill = checked.skill("it");  // throws where the program has errors
    return lower_environment(checked.graph.value(), skill.environment.value(), {MOTET_SOURCE_DIR "/library"});
  }

  testing::Checked checked_;
  EnvironmentPlan plan_;
  std::unique_ptr<World> world_;
};

std::vector<float> swaying_action(int step, std::size_t size) {
  std::vector<float> action(size);
  for (std::size_t j = 0; j < size; ++j) action[j] = test::swaying(step, j);
  return action;
}

double squares(const std::vector<float>& action) {
  double sum = 0;
  for (const float a : action) sum += static_cast<double>(a) * static_cast<double>(a);
  return sum;
}

void expect_observed(const World& world, const std::vector<double>& expected) {
  ASSERT_EQ(world.observation().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(static_cast<double>(world.observation()[i]), expected[i], 1e-6 * (1 + std::abs(expected[i])))
        << "number " << i;
}

// Noise of at most `bound` on every number, and on some of them a good part of it.
void expect_near_start(const std::vector<double>& values, const std::vector<double>& start, double bound) {
  ASSERT_EQ(values.size(), start.size());
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) largest = std::max(largest, std::abs(values[i] - start[i]));
  EXPECT_LE(largest, bound);
  EXPECT_GT(largest, 0.2 * bound);
}

// --- Walker2d-v4 ---

const char* const walker =
    "import robots.walker2d\n"
    "skill it { in runway maximize walk_forward + keep_upright + walk_cost }\n";

// (x' - x) / 0.008 + 1 - 0.001 |a|^2, for as long as 0.8 < z < 2 and -1 < angle < 1.
TEST(WorldGymnasium, Walker2dIsRewardedForItsSpeedAndForNotFalling) {
  Task task(walker);
  World& world = task.world();
  test::Probe qpos(world.physics(), SignalKind::qpos, 9), qvel(world.physics(), SignalKind::qvel, 9);
  EXPECT_EQ(world.physics().substeps(), 4);
  EXPECT_EQ(world.plan().horizon, 1000);
  ASSERT_EQ(world.action_size(), 6);
  world.reset();
  expect_near_start(qpos.read(), {0, 1.25, 0, 0, 0, 0, 0, 0, 0}, 0.005);
  expect_near_start(qvel.read(), std::vector<double>(9, 0), 0.005);
  int falls = 0;
  double fastest = 0;
  for (int i = 0; i < 400; ++i) {
    const double before = qpos.read()[0];
    const std::vector<float> action = swaying_action(i, 6);
    const StepResult result = world.step(action);
    const std::vector<double>& q = qpos.read();
    const std::vector<double>& v = qvel.read();
    const double forward = (q[0] - before) / 0.008;
    ASSERT_NEAR(result.reward, forward + 1 - 0.001 * squares(action), 1e-9) << "in step " << i;
    ASSERT_NEAR(world.reward_terms()[0], forward, 1e-9);
    ASSERT_EQ(world.reward_terms()[1], 1) << "the last step of a fall as well";
    ASSERT_NEAR(world.reward_terms()[2], -0.001 * squares(action), 1e-12);
    std::vector<double> seen(q.begin() + 1, q.end());
    for (const double speed : v) {
      seen.push_back(std::clamp(speed, -10.0, 10.0));
      fastest = std::max(fastest, std::abs(speed));
    }
    expect_observed(world, seen);
    ASSERT_FALSE(result.unstable);
    ASSERT_EQ(result.terminated, !(q[1] > 0.8 && q[1] < 2 && q[2] > -1 && q[2] < 1)) << "in step " << i;
    if (result.terminated) {
      ++falls;
      world.reset();
    }
  }
  EXPECT_GT(falls, 0);
  EXPECT_GT(fastest, 10) << "the clipping has to be met";
}

TEST(WorldGymnasium, Walker2dEndsBeyondItsHeightsAndAngles) {
  struct Case {
    const char* joint;
    double at;
    bool ends;
  };
  Task task(walker);
  World& world = task.world();
  for (const Case& c : {Case{"pitch", 0.9, false}, Case{"pitch", 1.1, true}, Case{"pitch", -0.9, false},
                        Case{"pitch", -1.1, true}, Case{"slide_z", 1.9, false}, Case{"slide_z", 2.1, true},
                        Case{"slide_z", 0.5, true}}) {
    world.reset();
    test::assign(world.physics(), {SignalKind::joint_pos, c.joint, {}, 1}, 0, {c.at});
    EXPECT_EQ(world.step(std::vector<float>(6)).terminated, c.ends) << c.joint << " at " << c.at;
  }
}

// --- Swimmer-v4 ---

// (x' - x) / 0.04 - 0.0001 |a|^2, for 1000 steps.
TEST(WorldGymnasium, SwimmerIsRewardedByItsSpeedLessItsEffort) {
  Task task("import robots.swimmer\nskill it { in pool maximize swim_forward + swim_cost }\n");
  World& world = task.world();
  test::Probe qpos(world.physics(), SignalKind::qpos, 5), qvel(world.physics(), SignalKind::qvel, 5);
  EXPECT_EQ(world.physics().substeps(), 4);
  ASSERT_EQ(world.action_size(), 2);
  world.reset();
  expect_near_start(qpos.read(), std::vector<double>(5, 0), 0.1);
  expect_near_start(qvel.read(), std::vector<double>(5, 0), 0.1);
  for (int i = 0; i < 1000; ++i) {
    const double before = qpos.read()[0];
    const std::vector<float> action = swaying_action(i, 2);
    const StepResult result = world.step(action);
    const std::vector<double>& q = qpos.read();
    const std::vector<double>& v = qvel.read();
    const double forward = (q[0] - before) / 0.04;
    ASSERT_NEAR(result.reward, forward - 0.0001 * squares(action), 1e-9) << "in step " << i;
    ASSERT_NEAR(world.reward_terms()[0], forward, 1e-9);
    ASSERT_NEAR(world.reward_terms()[1], -0.0001 * squares(action), 1e-12);
    std::vector<double> seen(q.begin() + 2, q.end());
    seen.insert(seen.end(), v.begin(), v.end());
    expect_observed(world, seen);
    ASSERT_FALSE(result.terminated);
    ASSERT_EQ(result.truncated, i == 999);
  }
}

// The x of the centre of mass of three equal links of 1 m: the mean of their middles.
double snake_centre(const std::vector<double>& q) {
  const double head = q[2], middle = q[2] + q[3], tail = q[2] + q[3] + q[4];
  const double front = q[0] + 0.5 * std::cos(head), rear = front - std::cos(middle);
  return (q[0] + std::cos(head) + (front + rear) / 2 + rear - 0.5 * std::cos(tail)) / 3;
}

// Section 3.4: the speed whichever way, and more beyond the finish line.
TEST(WorldGymnasium, TheSnakeOfTheLaneMaySwimEitherWayUntilTheFinishLine) {
  Task task("import robots.swimmer\nskill it { in lane maximize swim_either_way + past_finish }\n");
  World& world = task.world();
  test::Probe qpos(world.physics(), SignalKind::qpos, 5);
  bool forward = false, backward = false;
  struct Start {
    double at, speed;
  };
  for (const Start& start : {Start{0, 0.5}, Start{0, -0.5}, Start{4.9, 0.5}, Start{5.2, -0.5}, Start{8, 0}}) {
    world.reset();
    double before = snake_centre(qpos.read());
    test::assign(world.physics(), {SignalKind::joint_pos, "slide_x", {}, 1}, 0, {start.at});
    test::assign(world.physics(), {SignalKind::joint_vel, "slide_x", {}, 1}, 0, {start.speed});
    for (int i = 0; i < 50; ++i) {
      const StepResult result = world.step(swaying_action(i, 2));
      const double after = snake_centre(qpos.read());
      const double bonus = after > 5 ? 1 : 0;
      ASSERT_NEAR(result.reward, std::abs(after - before) / 0.04 + bonus, 1e-9) << "in step " << i;
      ASSERT_EQ(world.reward_terms()[1], bonus);
      ASSERT_EQ(result.success, after > 5);
      ASSERT_FALSE(result.terminated);
      if (i > 0) (after > before ? forward : backward) = true;
      before = after;
    }
  }
  EXPECT_TRUE(forward && backward);
}

// --- Humanoid-v4 ---

struct Part {
  const char* body;
  double mass;
  std::array<double, 3> middle;  // in the body's frame
};

double capsule(double length, double radius) {
  return 1000 * M_PI * radius * radius * (length + 4.0 / 3 * radius);
}
double ball(double radius) {
  return capsule(0, radius);
}

// What the humanoid is made of, as published.
std::vector<Part> humanoid_parts() {
  const double thigh = capsule(std::hypot(0.01, 0.34), 0.06), arm = 0.16 * std::sqrt(3.0);
  return {{"torso", capsule(0.14, 0.07), {0, 0, 0}},
          {"torso", ball(0.09), {0, 0, 0.19}},
          {"torso", capsule(0.12, 0.06), {-0.01, 0, -0.12}},
          {"waist", capsule(0.12, 0.06), {0, 0, 0}},
          {"pelvis", capsule(0.14, 0.09), {-0.02, 0, 0}},
          {"right_thigh", thigh, {0, 0.005, -0.17}},
          {"left_thigh", thigh, {0, -0.005, -0.17}},
          {"right_shin", capsule(0.3, 0.049), {0, 0, -0.15}},
          {"left_shin", capsule(0.3, 0.049), {0, 0, -0.15}},
          {"right_foot", ball(0.075), {0, 0, 0}},
          {"left_foot", ball(0.075), {0, 0, 0}},
          {"right_upper_arm", capsule(arm, 0.04), {0.08, -0.08, -0.08}},
          {"left_upper_arm", capsule(arm, 0.04), {0.08, 0.08, -0.08}},
          {"right_forearm", capsule(arm, 0.031), {0.09, 0.09, 0.09}},
          {"left_forearm", capsule(arm, 0.031), {0.09, -0.09, 0.09}},
          {"right_forearm", ball(0.04), {0.18, 0.18, 0.18}},
          {"left_forearm", ball(0.04), {0.18, -0.18, 0.18}}};
}

// The x of the centre of mass, from where the bodies are and how they are turned.
class HumanoidCentre {
 public:
  explicit HumanoidCentre(Physics& physics) {
    for (const Part& part : parts_) {
      positions_.emplace_back(physics, SignalKind::body_pos, 3U, part.body);
      attitudes_.emplace_back(physics, SignalKind::body_quat, 4U, part.body);
    }
  }
  double x() {
    double moment = 0, mass = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const std::vector<double>& p = positions_[i].read();
      const std::vector<double>& q = attitudes_[i].read();
      const std::array<double, 3>& m = parts_[i].middle;
      const double turned = (1 - 2 * (q[2] * q[2] + q[3] * q[3])) * m[0] +
                            2 * (q[1] * q[2] - q[0] * q[3]) * m[1] + 2 * (q[1] * q[3] + q[0] * q[2]) * m[2];
      moment += parts_[i].mass * (p[0] + turned);
      mass += parts_[i].mass;
    }
    return moment / mass;
  }

 private:
  std::vector<Part> parts_ = humanoid_parts();
  std::vector<test::Probe> positions_, attitudes_;
};

const char* const humanoid =
    "import robots.humanoid\n"
    "skill it { in field maximize stride_forward + stay_standing + stride_cost }\n";

// 1.25 (c' - c) / 0.015 + 5 - 0.1 |0.4 a|^2, c the centre of mass, for as long as 1 < z < 2.
TEST(WorldGymnasium, HumanoidIsRewardedForItsCentreOfMassAndForNotFalling) {
  Task task(humanoid);
  World& world = task.world();
  test::Probe qpos(world.physics(), SignalKind::qpos, 24), qvel(world.physics(), SignalKind::qvel, 23);
  HumanoidCentre centre(world.physics());
  EXPECT_EQ(world.physics().substeps(), 5);
  EXPECT_EQ(world.plan().horizon, 1000);
  ASSERT_EQ(world.action_size(), 17);
  world.reset();
  std::vector<double> start(24, 0);
  start[2] = 1.4;
  start[3] = 1;
  expect_near_start(qpos.read(), start, 0.011);  // the attitude is brought back to length 1
  expect_near_start(qvel.read(), std::vector<double>(23, 0), 0.01);
  int falls = 0;
  for (int i = 0; i < 200; ++i) {
    const double before = centre.x();
    const std::vector<float> action = swaying_action(i, 17);
    const StepResult result = world.step(action);
    const std::vector<double>& q = qpos.read();
    const std::vector<double>& v = qvel.read();
    const double forward = 1.25 * (centre.x() - before) / 0.015;
    const double effort = 0.1 * 0.16 * squares(action);
    ASSERT_NEAR(result.reward, forward + 5 - effort, 1e-9) << "in step " << i;
    ASSERT_NEAR(world.reward_terms()[0], forward, 1e-9);
    ASSERT_EQ(world.reward_terms()[1], 5) << "the last step of a fall as well";
    ASSERT_NEAR(world.reward_terms()[2], -effort, 1e-12);
    std::vector<double> seen(q.begin() + 2, q.end());
    seen.insert(seen.end(), v.begin(), v.end());
    expect_observed(world, seen);
    ASSERT_FALSE(result.unstable);
    ASSERT_EQ(result.terminated, !(q[2] > 1 && q[2] < 2)) << "in step " << i;
    if (result.terminated) {
      ++falls;
      world.reset();
    }
  }
  EXPECT_GT(falls, 0);
}

TEST(WorldGymnasium, HumanoidsMotorsHaveTheirOrderAndTheirGears) {
  struct Motor {
    const char* joint;
    double torque;  // at an action of 1
  };
  const std::array<Motor, 17> motors{{{"waist_y", 40},
                                      {"waist_z", 40},
                                      {"waist_x", 40},
                                      {"right_hip_x", 40},
                                      {"right_hip_z", 40},
                                      {"right_hip_y", 120},
                                      {"right_knee", 80},
                                      {"left_hip_x", 40},
                                      {"left_hip_z", 40},
                                      {"left_hip_y", 120},
                                      {"left_knee", 80},
                                      {"right_shoulder_1", 10},
                                      {"right_shoulder_2", 10},
                                      {"right_elbow", 10},
                                      {"left_shoulder_1", 10},
                                      {"left_shoulder_2", 10},
                                      {"left_elbow", 10}}};
  Task task(humanoid);
  World& world = task.world();
  std::vector<test::Probe> torques;
  for (const Motor& motor : motors)
    torques.emplace_back(world.physics(), SignalKind::joint_torque, 1U, motor.joint);
  world.reset();
  const std::vector<float> action = swaying_action(7, 17);
  world.step(action);
  for (std::size_t j = 0; j < motors.size(); ++j)
    EXPECT_NEAR(torques[j].number(), motors[j].torque * static_cast<double>(action[j]), 1e-9)
        << motors[j].joint;
}

TEST(WorldGymnasium, HumanoidEndsBeyondItsHeights) {
  Task task(humanoid);
  World& world = task.world();
  for (const double height : {0.9, 1.1, 1.9, 2.1}) {
    world.reset();
    // Flat on its front in the air: what it touches does not move it within a step.
    test::assign(world.physics(), {SignalKind::qpos, {}, {}, 24}, 2,
                 {height, std::sqrt(0.5), 0, std::sqrt(0.5), 0});
    EXPECT_EQ(world.step(std::vector<float>(17)).terminated, !(height > 1 && height < 2)) << "at " << height;
  }
}

}  // namespace
}  // namespace motet
