// The accounts of an episode: rewards, terms, measures, and how it ends.

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "world_fixture.h"

namespace motet {
namespace {

using test::ProgramBuilder;
using test::Value;
using testing::HasSubstr;

TEST(WorldEpisode, AccountsForEveryStep) {
  const EnvironmentPlan plan = test::point_plan();
  auto world = test::world_of(plan);
  world->reset();
  const std::span<const double> goal = world->sample(0);
  EXPECT_GE(goal[0], 2);
  EXPECT_LT(goal[0], 5);
  double x = world->observation()[0], y = world->observation()[1];
  EXPECT_LT(std::hypot(x, y), 1);
  double sum = 0, near = 0, effort = 0, total = 0, most = 0, least = 1e9, distance = 0;
  int steps = 0;
  for (StepResult result; !result.terminated; ++steps) {
    ASSERT_LT(steps, 30);
    result = world->step(std::vector<float>{0.25F, 0.5F});
    x += 0.25;
    y += 0.5;
    y = std::min(y, 7.0);
    distance = std::hypot(x - goal[0], y - goal[1]);
    const double reward = -distance * distance - 0.1 * (0.25 * 0.25 + 0.5 * 0.5);
    EXPECT_NEAR(result.reward, reward, 1e-5);
    EXPECT_NEAR(world->reward_terms()[0], -distance * distance, 1e-5);
    EXPECT_EQ(result.terminated, distance < 0.5);
    EXPECT_EQ(result.success, distance < 0.5);
    sum += result.reward;
    near += world->reward_terms()[0];
    effort += world->reward_terms()[1];
    total += distance;
    most = std::max(most, distance);
    least = std::min(least, distance);
    if (y >= 7) break;  // passed it by
  }
  const EpisodeSummary& episode = world->episode();
  EXPECT_EQ(episode.length, steps + (y >= 7 ? 1 : 0));
  EXPECT_NEAR(episode.episode_return, sum, 1e-9);
  EXPECT_NEAR(episode.term_sums[0], near, 1e-9);
  EXPECT_NEAR(episode.term_sums[1], effort, 1e-9);
  EXPECT_NEAR(episode.measures[0], distance, 1e-6);
  EXPECT_NEAR(episode.measures[1], total / static_cast<double>(episode.length), 1e-6);
  EXPECT_NEAR(episode.measures[2], most, 1e-6);
  EXPECT_NEAR(episode.measures[3], least, 1e-6);
}

// Walks to the goal on a straight line.
StepResult step_towards_goal(World& world) {
  const std::span<const float> o = world.observation();
  const auto pull = [](float from, float to) { return std::clamp(to - from, -1.0F, 1.0F); };
  return world.step(std::vector<float>{pull(o[0], o[2]), pull(o[1], o[3])});
}

TEST(WorldEpisode, EndsWithSuccessAtTheGoal) {
  const EnvironmentPlan plan = test::point_plan();
  auto world = test::world_of(plan);
  for (int episode = 0; episode < 20; ++episode) {
    world->reset();
    EXPECT_EQ(world->episode().length, 0);
    EXPECT_FALSE(world->episode().success);
    StepResult result;
    for (int i = 0; i < 10 && !result.terminated; ++i) result = step_towards_goal(*world);
    EXPECT_TRUE(result.terminated);
    EXPECT_TRUE(result.success);
    EXPECT_FALSE(result.truncated);
    EXPECT_TRUE(world->episode().success);
  }
}

TEST(WorldEpisode, TheHorizonTruncatesAndDoesNotTerminate) {
  const EnvironmentPlan plan = test::point_plan(5);
  auto world = test::world_of(plan);
  world->reset();
  for (int i = 1; i <= 5; ++i) {
    const StepResult result = world->step(std::vector<float>{-1, -1});
    EXPECT_EQ(result.truncated, i == 5) << i;
    EXPECT_FALSE(result.terminated);
  }
}

TEST(WorldEpisode, AnEndAtTheHorizonTerminates) {
  EnvironmentPlan plan = test::point_plan();
  auto free = test::world_of(plan);
  free->reset();
  std::int64_t steps = 0;
  for (StepResult result; !result.terminated; ++steps) result = step_towards_goal(*free);
  plan.horizon = steps;
  auto world = test::world_of(plan);
  world->reset();
  StepResult result;
  for (std::int64_t i = 0; i < steps; ++i) result = step_towards_goal(*world);
  EXPECT_TRUE(result.terminated);
  EXPECT_FALSE(result.truncated) << "a transition that ends must not bootstrap";
}

TEST(WorldEpisode, ActionsAreClippedAndMappedToTheirRange) {
  EnvironmentPlan plan = test::point_plan();
  plan.robot.action = {{"x", 0, 0.5}, {"y", -0.2, 0.4}};
  auto world = test::world_of(plan);
  world->reset();
  const std::vector<float> before(world->observation().begin(), world->observation().end());
  world->step(std::vector<float>{9, 0});
  EXPECT_NEAR(world->observation()[0] - before[0], 0.5, 1e-6);
  EXPECT_NEAR(world->observation()[1] - before[1], 0.1, 1e-6);
  EXPECT_EQ(world->reward_terms()[1], -1) << "the action is what was asked for, clipped to [-1, 1]";
}

TEST(WorldEpisode, TheRateOfAnActionIsLimited) {
  EnvironmentPlan plan = test::point_plan();
  plan.robot.limits.push_back({LimitPlan::Kind::action_rate, {}, 0, 3});  // 0.3 a step of 0.1 s
  auto world = test::world_of(plan);
  world->reset();
  double x = world->observation()[0];
  for (const double moved : {0.3, 0.6, 0.9, 1.0, 1.0, 0.7}) {
    const float asked = moved == 0.7 ? -1.0F : 1.0F;
    world->step(std::vector<float>{asked, 0});
    EXPECT_NEAR(world->observation()[0] - x, moved, 1e-5);
    x = world->observation()[0];
    EXPECT_EQ(world->reward_terms()[1], -1);
  }
}

TEST(WorldEpisode, TheSameSeedGivesTheSameEpisodes) {
  const EnvironmentPlan plan = test::point_plan();
  auto a = test::world_of(plan, {}, 7), b = test::world_of(plan, {}, 7), c = test::world_of(plan, {}, 8);
  int different = 0;
  for (int i = 0; i < 10; ++i) {
    for (World* world : {a.get(), b.get(), c.get()}) world->reset();
    ASSERT_TRUE(std::equal(a->observation().begin(), a->observation().end(), b->observation().begin()));
    different += !std::equal(a->observation().begin(), a->observation().end(), c->observation().begin());
  }
  EXPECT_EQ(different, 10);
}

// A world whose reward is log(1 - time / 0.3): not a number in the fourth step.
EnvironmentPlan failing_plan() {
  EnvironmentPlan plan = test::point_plan();
  ProgramBuilder step;
  const Value time = step.load(SignalKind::time, 1), qpos = step.load(SignalKind::qpos, 2);
  const Value left = step.op(Op::sub, step.constant(1.05), step.op(Op::div, time, step.constant(0.3)));
  step.output("observation", qpos).output("reward", step.op(Op::log, left));
  plan.step = step.program();
  plan.observation_size = 2;
  plan.reward_terms.clear();
  plan.measures.clear();
  return plan;
}

TEST(WorldEpisode, ARewardThatIsNotANumberEndsTheEpisodeAndIsCountedOnce) {
  const EnvironmentPlan plan = failing_plan();
  auto world = test::world_of(plan);
  for (int episode = 1; episode <= 2; ++episode) {
    world->reset();
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(world->step(std::vector<float>{1, 1}).unstable);
    for (int i = 0; i < 3; ++i) {
      const StepResult result = world->step(std::vector<float>{1, 1});
      EXPECT_TRUE(result.unstable);
      EXPECT_TRUE(result.terminated);
      EXPECT_FALSE(result.truncated);
      EXPECT_EQ(result.reward, 0);
      EXPECT_EQ(world->unstable_episodes(), episode);
    }
    EXPECT_EQ(world->episode().length, 4);
    EXPECT_TRUE(std::isfinite(world->episode().episode_return));
    for (const float x : world->observation()) EXPECT_TRUE(std::isfinite(x));
  }
  EXPECT_THAT(world->unstable_reason(), HasSubstr("the reward is not a number"));
}

// The replay holds floats: an infinity there would be learnt from.
TEST(WorldEpisode, ARewardThatNoFloatHoldsEndsTheEpisode) {
  EnvironmentPlan plan = failing_plan();
  ProgramBuilder step;
  step.output("observation", step.load(SignalKind::qpos, 2)).output("reward", step.constant(-1e39));
  plan.step = step.program();
  auto world = test::world_of(plan);
  world->reset();
  EXPECT_TRUE(world->step(std::vector<float>{0, 0}).unstable);
  EXPECT_EQ(world->unstable_reason(), "the reward is too large for a float");
}

TEST(WorldEpisode, AnActionThatIsNotANumberIsNotSimulated) {
  const EnvironmentPlan plan = test::point_plan();
  auto world = test::world_of(plan);
  world->reset();
  EXPECT_TRUE(world->step(std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 0}).unstable);
  EXPECT_EQ(world->unstable_reason(), "the action is not a number");
  for (const float x : world->observation()) EXPECT_TRUE(std::isfinite(x));
}

TEST(WorldEpisode, AWorldThatBeginsBadlyEndsAtItsFirstStep) {
  EnvironmentPlan plan = failing_plan();
  ProgramBuilder step;
  step.output("observation", step.op(Op::log, step.op(Op::neg, step.constant({1, 1}))))
      .output("reward", step.constant(1));
  plan.step = step.program();
  auto world = test::world_of(plan);
  world->reset();
  EXPECT_EQ(world->observation()[0], 0) << "no NaN leaves the world";
  EXPECT_TRUE(world->step(std::vector<float>{0, 0}).unstable);
  EXPECT_EQ(world->unstable_episodes(), 1);
  EXPECT_THAT(world->unstable_reason(), HasSubstr("first observation"));
}

TEST(WorldPlan, WhatDoesNotFitIsRefusedByName) {
  const auto refusal = [](const EnvironmentPlan& plan) {
    const auto world = World::make(plan, {}, Random(1));
    return world ? std::string() : world.error().message;
  };
  EnvironmentPlan plan = test::point_plan();
  plan.observation_size = 5;
  EXPECT_THAT(refusal(plan), HasSubstr("world `field`: its output `observation` has 4 values, not 5"));
  plan = test::point_plan();
  plan.robot.action.pop_back();
  EXPECT_THAT(refusal(plan), HasSubstr("`action` has 1 values, not 2"));
  plan = test::point_plan();
  plan.samples.clear();
  EXPECT_THAT(refusal(plan), HasSubstr("it samples no `goal`"));
  plan = test::point_plan();
  plan.measures.push_back({"missing", MeasurePlan::Over::end});
  EXPECT_THAT(refusal(plan), HasSubstr("no output `measure.missing`"));
  plan = test::point_plan();
  plan.scene = "project/../../etc/passwd";
  EXPECT_THAT(refusal(plan), HasSubstr("leads out of the folder"));
}

TEST(ModelRootsTest, ResolvesBelowItsRoots) {
  const ModelRoots roots{"/p", {"/l"}};
  EXPECT_EQ(*roots.resolve("project/a/b.xml"), "/p/a/b.xml");
  EXPECT_EQ(*roots.resolve("library/robots/../worlds/c.xml"), "/l/worlds/c.xml");
  for (const char* path :
       {"project/../x", "project//etc/passwd", "/etc/passwd", "x.xml", "library/a/../../b", "project/", ""}) {
    EXPECT_FALSE(roots.resolve(path)) << path;
  }
}

}  // namespace
}  // namespace motet
