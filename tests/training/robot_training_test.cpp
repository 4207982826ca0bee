// A training that learns from what a robot collects: every episode once, whatever fails on the way.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "program_plan.h"
#include "runtime/bundle/bundle.h"
#include "runtime/episodes/exchange.h"
#include "runtime/execution/executor.h"
#include "runtime/learning/trainer.h"
#include "trainer_fixture.h"

namespace motet {
namespace {

using namespace test;
using testing::HasSubstr;

constexpr std::int64_t horizon = 40, steps = 300, warmup = 100;

std::optional<Plan> pendulum(const fs::path& folder) {
  auto plan = plan_of(folder / "swing.motet",
                      "import robots.pendulum\nskill swing {\n  in wall\n  maximize upright + swing_cost\n"
                      "  policy gaussian { hidden [8] }\n"
                      "  learn sac { steps 300, warmup 100, batch 16, hidden [8] }\n}\n");
  if (plan) {
    plan->skills[0].environment.horizon = horizon;
    plan->skills[0].train.eval_interval = 100;
    plan->skills[0].train.eval_episodes = 1;
    plan->skills[0].train.checkpoint_interval = 70;
  }
  return plan;
}

// Lives through episodes in the simulated world, at random: the same ones whenever they are asked for.
class FakeRobot final : public RobotExchange {
 public:
  FakeRobot(const EnvironmentPlan& environment, fs::path folder) : folder_(std::move(folder)) {
    auto world = world_of(environment, program_roots, 3);
    Random random(4);
    for (std::uint64_t number = 0; number < 12; ++number) {
      Episode episode;
      episode.id = {"", "robot", number};
      episode.observation_size = world->observation_size();
      episode.action_size = world->action_size();
      world->reset();
      const auto observe = [&] {
        episode.observations.insert(episode.observations.end(), world->observation().begin(),
                                    world->observation().end());
      };
      observe();
      std::vector<float> action(static_cast<std::size_t>(world->action_size()));
      for (StepResult result; !result.terminated && !result.truncated;) {
        random.fill_uniform(action, -1, 1);
        result = world->step(action);
        episode.actions.insert(episode.actions.end(), action.begin(), action.end());
        episode.rewards.push_back(static_cast<float>(result.reward));
        observe();
      }
      episodes_.push_back(std::move(episode));
    }
  }

  Status offer(const PolicyOffer& policy) override {
    offers.push_back(policy);
    return {};
  }
  std::optional<EpisodeArrival> receive(double) override {
    if (offers.empty() || next >= episodes_.size()) return std::nullopt;
    EpisodeArrival come = arrival(next);
    if (damaged.erase(next) > 0) {
      come.content[come.content.size() / 2] ^= 1;
    } else if (strange.erase(next) > 0) {
      come.id.run = "another training";
    } else {
      ++next;
    }
    return come;
  }
  void acknowledge(const EpisodeId& id) override { acknowledged.push_back(id.number); }

  // As its file has it.
  EpisodeArrival arrival(std::uint64_t number) {
    Episode episode = episodes_[number];
    episode.id.run = offers.back().run;
    EXPECT_TRUE(write_episode(folder_ / "sent", episode));
    return {episode.id, bytes_of(folder_ / "sent")};
  }

  std::vector<PolicyOffer> offers;
  std::vector<std::uint64_t> acknowledged;
  std::uint64_t next = 0;
  std::set<std::uint64_t> damaged, strange;  // on their first way

 private:
  fs::path folder_;
  std::vector<Episode> episodes_;
};

class RobotTraining : public testing::Test {
 protected:
  void SetUp() override {
    plan_ = pendulum(folder_.path());
    ASSERT_TRUE(plan_);
  }
  TrainingRequest request_of(FakeRobot& robot, const std::string& name) {
    TrainingRequest request = training_request(*plan_, folder_.path() / name);
    request.roots = program_roots;
    request.robot = &robot;
    request.on_message = [this](const std::string& line) { said_ += line + "\n"; };
    return request;
  }
  std::string checkpoint(const std::string& name) {
    return bytes_of(folder_.path() / name / "checkpoint.bin");
  }
  // The policy of a checkpoint.
  std::vector<float> policy(const std::string& name) {
    const Result<Archive> archive = Archive::read(folder_.path() / name / "checkpoint.bin");
    EXPECT_TRUE(archive);
    std::vector<float> values(archive->size_of("policy/parameters") / sizeof(float));
    EXPECT_TRUE(archive->get<float>("policy/parameters", values));
    return values;
  }
  TemporaryFolder folder_;
  std::optional<Plan> plan_;
  std::string said_;
};

TEST_F(RobotTraining, LearnsFromWhatIsCollected) {
  FakeRobot robot(plan_->skills[0].environment, folder_.path());
  ASSERT_EQ(error_of(request_of(robot, "run")), "");
  EXPECT_GE(robot.acknowledged.size(), 8u) << "300 steps of episodes of 40";
  EXPECT_EQ(robot.acknowledged[0], 0u);
  ASSERT_GE(robot.offers.size(), 2u);
  EXPECT_TRUE(robot.offers.front().random) << "the warm-up";
  EXPECT_EQ(robot.offers.front().horizon, horizon);
  EXPECT_TRUE(robot.offers.back().finished);
  EXPECT_EQ(robot.offers.back().version, static_cast<std::uint64_t>(steps - warmup + 1));
  // What is offered can be executed, and gives reward and end.
  const Result<Bundle> bundle = unpack(robot.offers.back().bundle);
  ASSERT_TRUE(bundle) << bundle.error().message;
  EXPECT_NE(bundle->contract.observe.find("reward"), nullptr);
  const auto table = table_of(folder_.path() / "run");
  EXPECT_EQ(table.back()[0], "300");
}

// Episodes are the same, so the result is: killed, as here, or not.
TEST_F(RobotTraining, GoesOnWhereItWas) {
  FakeRobot whole(plan_->skills[0].environment, folder_.path());
  ASSERT_EQ(error_of(request_of(whole, "whole")), "");
  FakeRobot robot(plan_->skills[0].environment, folder_.path());
  {
    TrainingRequest request = request_of(robot, "cut");
    std::atomic<bool> interrupt{false};
    request.interrupt = &interrupt;
    request.on_evaluation = [&](std::int64_t step, const std::vector<Metric>&) { interrupt = step >= 200; };
    const Result<TrainingEnd> end = train(request);
    ASSERT_TRUE(end) << end.error().message;
    ASSERT_EQ(*end, TrainingEnd::interrupted);
  }
  // Its receipts were lost: all of it comes again.
  const std::string run = robot.offers.back().run;
  robot.next = 0;
  ASSERT_EQ(error_of(request_of(robot, "cut")), "");
  EXPECT_EQ(robot.offers.back().run, run) << "it is the same training";
  EXPECT_EQ(policy("cut"), policy("whole"));
}

TEST_F(RobotTraining, LeavesOutWhatIsNoEpisodeOfIts) {
  FakeRobot robot(plan_->skills[0].environment, folder_.path());
  robot.damaged = {1, 4};
  robot.strange = {2};
  ASSERT_EQ(error_of(request_of(robot, "run")), "");
  EXPECT_THAT(said_, HasSubstr("is left out"));
  EXPECT_THAT(robot.acknowledged, testing::ElementsAreArray({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}))
      << "each once it has come whole, and from this training";
}

TEST_F(RobotTraining, ATrainingOfSimulatedWorldsDoesNotGoOnWithARobot) {
  FakeRobot robot(plan_->skills[0].environment, folder_.path());
  TrainingRequest simulated = request_of(robot, "run");
  simulated.robot = nullptr;
  ASSERT_EQ(error_of(simulated), "");
  EXPECT_THAT(error_of(request_of(robot, "run")), HasSubstr("began in simulation"));
}

TEST_F(RobotTraining, SaysWhatARobotCannotCollectFor) {
  FakeRobot robot(plan_->skills[0].environment, folder_.path());
  SkillPlan& skill = plan_->skills[0];
  const SkillPlan good = skill;
  skill.algorithm = "sql";
  EXPECT_THAT(error_of(request_of(robot, "run")), HasSubstr("`learn sac`"));
  skill = good;
  skill.environment.samples.push_back({"goal", 0, 2});
  EXPECT_THAT(error_of(request_of(robot, "run")), HasSubstr("draws at a reset"));
  skill = good;
  skill.over = "another";
  EXPECT_THAT(error_of(request_of(robot, "run")), HasSubstr("stands over"));
}

}  // namespace
}  // namespace motet
