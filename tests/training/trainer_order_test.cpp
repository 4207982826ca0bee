// Acting and learning side by side: what comes of a training does not depend on the threads that do it.

#include <gtest/gtest.h>

#include "trainer_fixture.h"

namespace motet {
namespace {

using namespace test;

TEST(TrainerOrder, TheEndDoesNotDependOnThreads) {
  for (const std::int64_t ahead : {0, 7}) {
    for (const std::int64_t worlds : {1, 3}) {
      SCOPED_TRACE("ahead " + std::to_string(ahead) + ", worlds " + std::to_string(worlds));
      TemporaryFolder first;
      Plan plan = training_plan();
      plan.skills[0].train.ahead = ahead;
      plan.skills[0].train.worlds = worlds;
      plan.run.threads = 1;
      ASSERT_EQ(error_of(training_request(plan, first.path())), "");
      for (const std::int64_t threads : {2, 4}) {
        TemporaryFolder other;
        plan.run.threads = threads;
        ASSERT_EQ(error_of(training_request(plan, other.path())), "");
        expect_same_end(first.path(), other.path());
      }
    }
  }
}

TEST(TrainerOrder, AheadIsAnotherTrainingThatResumes) {
  TemporaryFolder serial, whole, parts;
  Plan plan = training_plan();
  ASSERT_EQ(error_of(training_request(plan, serial.path())), "");
  plan.skills[0].train.ahead = 7;
  ASSERT_EQ(error_of(training_request(plan, whole.path())), "");
  EXPECT_NE(bytes_of(serial.path() / "checkpoint.bin"), bytes_of(whole.path() / "checkpoint.bin"));
  EXPECT_EQ(table_of(serial.path()).size(), table_of(whole.path()).size());

  std::atomic<bool> interrupt = false;
  TrainingRequest request = training_request(plan, parts.path());
  request.interrupt = &interrupt;
  request.on_evaluation = [&](std::int64_t, const std::vector<Metric>&) { interrupt = true; };
  for (TrainingEnd end = TrainingEnd::interrupted; end != TrainingEnd::finished;) {
    interrupt = false;
    const Result<TrainingEnd> done = train(request);
    ASSERT_TRUE(done) << done.error().message;
    end = *done;
  }
  expect_same_end(whole.path(), parts.path());
}

// Evaluations and checkpoints come at their steps, however far the worlds are ahead.
TEST(TrainerOrder, AheadStopsForEvaluations) {
  TemporaryFolder folder;
  Plan plan = training_plan();
  plan.skills[0].train.ahead = 64;
  std::vector<std::int64_t> steps;
  TrainingRequest request = training_request(plan, folder.path());
  request.on_evaluation = [&](std::int64_t step, const std::vector<Metric>& metrics) {
    steps.push_back(step);
    for (const Metric& metric : metrics) {
      if (metric.name != "updates") continue;
      EXPECT_EQ(metric.value, static_cast<double>(step - 99));
    }
  };
  ASSERT_EQ(error_of(request), "");
  EXPECT_EQ(steps, (std::vector<std::int64_t>{200, 400, 600, 800, 1000}));
}

TEST(TrainerOrder, ABackendGoesOnWhereTheOtherStopped) {
  for (const auto& [before, after] : {std::pair{"native", "torch"}, std::pair{"torch", "native"}}) {
    TemporaryFolder folder;
    Plan plan = training_plan();
    plan.run.backend = before;
    std::atomic<bool> interrupt = false;
    TrainingRequest request = training_request(plan, folder.path());
    request.interrupt = &interrupt;
    request.on_evaluation = [&](std::int64_t step, const std::vector<Metric>&) { interrupt = step == 400; };
    auto end = train(request);
    ASSERT_TRUE(end) << end.error().message;
    EXPECT_EQ(*end, TrainingEnd::interrupted);
    interrupt = false;
    plan.run.backend = after;
    end = train(request);
    ASSERT_TRUE(end) << end.error().message;
    EXPECT_EQ(*end, TrainingEnd::finished);
    EXPECT_EQ(table_of(folder.path()).size(), 6u);  // names, and every 200 steps of 1000
  }
}

TEST(TrainerOrder, WhatCannotBeHadIsSaid) {
  TemporaryFolder folder;
  Plan plan = training_plan();
  plan.run.device = "cuda";
  EXPECT_NE(error_of(training_request(plan, folder.path())).find("needs `backend = \"torch\"`"),
            std::string::npos);
  plan.run.backend = "torch";
  plan.run.device = "abacus";
  EXPECT_NE(error_of(training_request(plan, folder.path())).find("abacus"), std::string::npos);
}

}  // namespace
}  // namespace motet
