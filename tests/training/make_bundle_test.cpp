// What leaves the run acts as what was trained.

#include "runtime/learning/make_bundle.h"

#include <gtest/gtest.h>

#include "runtime/execution/executor.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/lower_layers.h"
#include "trainer_fixture.h"

namespace motet {
namespace {

using namespace test;

// The point's plan, with a name for each number.
Plan named_plan(std::int64_t steps) {
  Plan plan = training_plan(steps);
  EnvironmentPlan& environment = plan.skills[0].environment;
  environment.observation_names = {"x", "y", "gx", "gy"};
  environment.robot.actuators = {{"x", -1, 1}, {"y", -1, 1}};
  return plan;
}

SkillPlan flow_layer(const std::string& name, const std::string& over, std::int64_t hold) {
  SkillPlan skill = named_plan(200).skills[0];
  skill.name = name;
  skill.hash = "hash of " + name;
  skill.policy = {.kind = "flow", .hidden = {16}, .couplings = 2};
  skill.over = over;
  skill.prior = over.empty() ? "uniform" : "gaussian";
  skill.hold = hold;
  return skill;
}

class MakeBundle : public testing::Test {
 protected:
  FolderOf folder_of() const {
    return [path = folder_.path()](const std::string& name) { return path / name; };
  }
  void train(const Plan& plan) const {
    for (const SkillPlan& skill : plan.skills) {
      TrainingRequest request = training_request(plan, folder_.path() / skill.name);
      request.skill = skill.name;
      request.folder_of = folder_of();
      ASSERT_EQ(error_of(request), "");
    }
  }
  std::unique_ptr<Executor> executor_of(const Plan& plan, const SkillPlan& skill,
                                        const ExecutorOptions& options = {}) const {
    const Result<Bundle> bundle = make_bundle(plan, skill, folder_of(), {});
    if (!bundle) {
      ADD_FAILURE() << bundle.error().message;
      return nullptr;
    }
    std::string error;
    auto executor = Executor::from_bytes(*pack(*bundle), error, options);
    EXPECT_NE(executor, nullptr) << error;
    return executor;
  }
  TemporaryFolder folder_;
};

// An episode by each: the actor in the world it was trained in, and the executor in a world without layers.
void expect_same_episode(World& layered, Actor& actor, World& plain, Executor& executor) {
  layered.reset();
  plain.reset();
  actor.begin();
  executor.begin();
  std::vector<float> action(static_cast<std::size_t>(plain.action_size())), latent(action.size());
  bool over = false;
  while (!over) {
    actor.act(layered.observation(), latent);
    const StepResult whole = layered.step(latent, [&](const World& world, const StepResult&) {
      ASSERT_EQ(executor.step(plain.observation(), action), StepStatus::ok);
      plain.step(action);
      for (std::size_t i = 0; i < world.observation().size(); ++i)
        ASSERT_EQ(world.observation()[i], plain.observation()[i]);
    });
    over = whole.terminated || whole.truncated;
  }
  EXPECT_EQ(layered.episode().episode_return, plain.episode().episode_return);
}

TEST_F(MakeBundle, AGaussianActsAsItDidInItsWorld) {
  const Plan plan = named_plan(300);
  train(plan);
  const SkillPlan& skill = plan.skills[0];
  const auto executor = executor_of(plan, skill);
  ASSERT_NE(executor, nullptr);
  const auto actor = load_actor(skill, folder_.path() / skill.name, false, 1);
  ASSERT_TRUE(actor);
  auto one = world_of(skill.environment, {}, 5), other = world_of(skill.environment, {}, 5);
  expect_same_episode(*one, **actor, *other, *executor);
}

TEST_F(MakeBundle, AStackActsAsItDidInItsWorld) {
  Plan plan;
  plan.skills = {flow_layer("bottom", "", 1), flow_layer("middle", "bottom", 2),
                 flow_layer("top", "middle", 3)};
  train(plan);
  const SkillPlan& top = plan.skills[2];
  const auto executor = executor_of(plan, top, {.sample = false, .seed = 4, .latent = {}});
  ASSERT_NE(executor, nullptr);
  const auto actor = load_actor(top, folder_.path() / "top", false, 4);
  ASSERT_TRUE(actor);
  auto layered = world_of(top.environment, {}, 5), plain = world_of(top.environment, {}, 5);
  ASSERT_TRUE(embed_lower_layers(plan, top, folder_of(), *layered));
  expect_same_episode(*layered, **actor, *plain, *executor);
}

TEST_F(MakeBundle, RefusesAStackWhoseBaseHasChanged) {
  Plan plan;
  plan.skills = {flow_layer("bottom", "", 1), flow_layer("top", "bottom", 1)};
  train(plan);
  TrainingRequest request = training_request(plan, folder_.path() / "bottom");
  request.skill = "bottom";
  request.folder_of = folder_of();
  request.seed = 8;
  request.resume = false;
  ASSERT_EQ(error_of(request), "");
  const Result<Bundle> bundle = make_bundle(plan, plan.skills[1], folder_of(), {});
  ASSERT_FALSE(bundle);
  EXPECT_NE(bundle.error().message.find("over another `bottom`"), std::string::npos)
      << bundle.error().message;
}

// The observation, and no more, is computed on the robot.
TEST_F(MakeBundle, LeavesTheRewardBehind) {
  const Plan plan = named_plan(200);
  train(plan);
  const Result<Bundle> bundle = make_bundle(plan, plan.skills[0], folder_of(), {});
  ASSERT_TRUE(bundle);
  const InstructionProgram& observe = bundle->contract.observe;
  ASSERT_EQ(observe.outputs.size(), 1u);
  EXPECT_EQ(observe.outputs[0].name, "observation");
  EXPECT_LT(observe.code.size(), plan.skills[0].environment.step.code.size());
}

}  // namespace
}  // namespace motet
