// What a training does, from its first step to its last.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "runtime/learning/evaluation.h"
#include "trainer_fixture.h"

namespace motet {
namespace {

using namespace test;

TEST(TrainerRun, LeavesACheckpointMetricsAndEvents) {
  TemporaryFolder folder;
  const Plan plan = training_plan();
  TrainingRequest request = training_request(plan, folder.path() / "skills" / "reach");
  std::vector<std::int64_t> evaluated;
  std::vector<std::string> said;
  Progress last;
  request.on_evaluation = [&](std::int64_t step, const std::vector<Metric>&) { evaluated.push_back(step); };
  request.on_message = [&](const std::string& line) { said.push_back(line); };
  request.on_progress = [&](const Progress& progress) { last = progress; };
  ASSERT_EQ(error_of(request), "");
  EXPECT_EQ(evaluated, (std::vector<std::int64_t>{200, 400, 600, 800, 1000}));
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said[0], "reach: replay: 19 kB for 400 transitions");
  EXPECT_EQ(last.step, 1000);
  EXPECT_EQ(last.updates, 901);  // from the end of the warm-up on
  EXPECT_TRUE(std::isfinite(last.train_return) && std::isfinite(last.entropy) &&
              std::isfinite(last.success_rate));

  const auto table = table_of(request.folder);
  ASSERT_EQ(table.size(), 6u);
  const std::vector<std::string> head(table[0].begin(), table[0].begin() + 8);
  EXPECT_EQ(head, (std::vector<std::string>{"step", "updates", "episodes", "seconds", "eval/return",
                                            "eval/return_std", "eval/length", "eval/success"}));
  for (const char* name :
       {"train/return", "train/length", "train/success", "loss/critic", "loss/actor", "temperature",
        "entropy", "q", "unstable", "reward/near", "reward/effort", "measure/last"}) {
    EXPECT_EQ(std::count(table[0].begin(), table[0].end(), name), 1) << name;
  }
  for (const auto& row : table) EXPECT_EQ(row.size(), table[0].size());
}

TEST(TrainerRun, TheSameSeedGivesTheSameRun) {
  TemporaryFolder one, other, third;
  const Plan plan = training_plan(400);
  TrainingRequest request = training_request(plan, one.path());
  ASSERT_EQ(error_of(request), "");
  request.folder = other.path();
  ASSERT_EQ(error_of(request), "");
  expect_same_end(one.path(), other.path());
  request.folder = third.path();
  request.seed = 8;
  ASSERT_EQ(error_of(request), "");
  EXPECT_NE(section_of(one.path(), "policy/parameters"), section_of(third.path(), "policy/parameters"));
}

// Evaluations draw from streams of their own.
TEST(TrainerRun, EvaluationDisturbsNothing) {
  TemporaryFolder one, other;
  Plan plan = training_plan(400);
  ASSERT_EQ(error_of(training_request(plan, one.path())), "");
  plan.skills[0].train.eval_interval = 50;
  ASSERT_EQ(error_of(training_request(plan, other.path())), "");
  EXPECT_EQ(section_of(one.path(), "policy/parameters"), section_of(other.path(), "policy/parameters"));
}

TEST(TrainerRun, SeveralWorlds) {
  TemporaryFolder one, other;
  Plan plan = training_plan(600);
  plan.skills[0].train.worlds = 4;
  TrainingRequest request = training_request(plan, one.path());
  std::int64_t updates = 0;
  request.on_progress = [&](const Progress& progress) { updates = progress.updates; };
  ASSERT_EQ(error_of(request), "");
  EXPECT_EQ(updates, 504);  // four a step of all worlds, from 100 steps on
  request.folder = other.path();
  ASSERT_EQ(error_of(request), "");
  expect_same_end(one.path(), other.path());
}

TEST(TrainerRun, HardTargetsManyUpdatesAndAnAnnealedTemperature) {
  TemporaryFolder folder;
  Plan plan = training_plan(300);
  SacSettings& sac = plan.skills[0].sac;
  sac.tau = 1;
  sac.target_interval = 50;
  sac.gradient_steps = 3;
  sac.temperature = {.learned = false, .from = 1, .to = 0.01, .steps = 300};
  TrainingRequest request = training_request(plan, folder.path());
  Progress last;
  request.on_progress = [&](const Progress& progress) { last = progress; };
  ASSERT_EQ(error_of(request), "");
  EXPECT_EQ(last.updates, 603);
  EXPECT_NEAR(last.temperature, 0.01, 1e-12);
  EXPECT_NE(section_of(folder.path(), "target/parameters"), section_of(folder.path(), "critic/parameters"));
}

TEST(TrainerRun, APolicyLearns) {
  TemporaryFolder folder;
  Plan plan = training_plan(3000);
  SacSettings& sac = plan.skills[0].sac;
  sac.batch = 64;
  sac.learning_rate = 3e-3;
  sac.discount = 0.9;
  sac.reward_scale = 0.1;
  sac.tau = 0.02;
  plan.skills[0].train = {
      .eval_interval = 3000, .eval_episodes = 10, .checkpoint_interval = 3000, .worlds = 1};
  ASSERT_EQ(error_of(training_request(plan, folder.path())), "");
  auto world = world_of(plan.skills[0].environment, {}, 5);
  auto actor = load_actor(plan.skills[0], folder.path(), false, 1);
  ASSERT_TRUE(actor) << actor.error().message;
  const EvaluationResult result = evaluate(*world, **actor, 20);
  EXPECT_GE(result.success_rate, 0.9);
  EXPECT_LT(result.length.mean, 15);
}

TEST(TrainerRun, RefusesWhatItCannotTrain) {
  TemporaryFolder folder;
  Plan plan = training_plan();
  TrainingRequest request = training_request(plan, folder.path());
  request.skill = "fly";
  EXPECT_NE(error_of(request).find("no skill `fly`"), std::string::npos);
  request.skill = "reach";
  plan.skills[0].sac.replay = plan.skills[0].sac.steps = 1'000'000'000'000'000;
  EXPECT_NE(error_of(request).find("of memory"), std::string::npos);
}

// No finite network survives this learning rate.
TEST(TrainerRun, DivergenceStopsWithTheCheckpointIntact) {
  TemporaryFolder folder;
  Plan plan = training_plan();
  TrainingRequest request = training_request(plan, folder.path());
  request.on_evaluation = [&](std::int64_t, const std::vector<Metric>&) {};
  plan.skills[0].sac.learning_rate = 1e30;
  plan.skills[0].train.checkpoint_interval = 50;
  const std::string error = error_of(request);
  EXPECT_NE(error.find("`reach` diverged at step 10"), std::string::npos) << error;
  EXPECT_NE(error.find("is no longer a finite number; the checkpoint of step 50 is intact"),
            std::string::npos)
      << error;
  std::int64_t step = 0;
  ASSERT_TRUE(Archive::read(folder.path() / "checkpoint.bin")->get_value("trainer/step", step));
  EXPECT_EQ(step, 50);
}

TEST(TrainerRun, UnstableTransitionsAreNotStored) {
  TemporaryFolder folder;
  Plan plan = training_plan(300);
  // The reward is not a number where the point has gone beyond 1 in x.
  EnvironmentPlan& environment = plan.skills[0].environment;
  ProgramBuilder step;
  const Value position = step.load(SignalKind::qpos, 2), target = step.load(SignalKind::sample, 2, "goal");
  step.output("observation", step.join({position, target}))
      .output("reward", step.op(Op::sqrt, step.op(Op::sub, step.constant(1), position.part(0))));
  environment.step = step.program();
  environment.reward_terms.clear();
  environment.measures.clear();
  TrainingRequest request = training_request(plan, folder.path());
  Progress last;
  request.on_progress = [&](const Progress& progress) { last = progress; };
  ASSERT_EQ(error_of(request), "");
  EXPECT_GT(last.unstable_episodes, 0);
  EXPECT_NE(last.unstable_reason.find("reward"), std::string::npos);
  std::int64_t added = 0;
  ASSERT_TRUE(Archive::read(folder.path() / "checkpoint.bin")->get_value("trainer/replay_added", added));
  EXPECT_LT(added, 300);
  EXPECT_GT(added, 0);
}

}  // namespace
}  // namespace motet
