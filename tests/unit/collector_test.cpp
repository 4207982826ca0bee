// The worlds that a training steps, and the threads that it takes for them.

#include "runtime/learning/collector.h"

#include <gtest/gtest.h>

#include "trainer_fixture.h"

namespace motet {
namespace {

std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

TEST(Collector, StepsInAtMostAsManyThreadsAsItIsTold) {
  const EnvironmentPlan plan = test::point_plan();
  const std::ptrdiff_t before = threads_of_this_process();
  for (const auto& [worlds, threads, more] : {std::array{4, 1, 0}, {4, 3, 2}, {2, 8, 1}, {1, 8, 0}}) {
    const auto collector = Collector::make(plan, {}, 1, worlds, threads);
    ASSERT_TRUE(collector);
    EXPECT_EQ(threads_of_this_process(), before + more) << worlds << " worlds, " << threads << " threads";
  }
}

// `threads = 1` is one thread for the worlds too.
TEST(Collector, ATrainingTellsItTheThreadsOfTheSettings) {
  std::vector<std::ptrdiff_t> threads;
  for (const std::int64_t worlds : {1, 4}) {
    TemporaryFolder folder;
    Plan plan = test::training_plan(100);
    plan.skills[0].train.worlds = worlds;
    TrainingRequest request = test::training_request(plan, folder.path());
    request.on_message = [&](const std::string&) { threads.push_back(threads_of_this_process()); };
    ASSERT_EQ(test::error_of(request), "");
  }
  ASSERT_EQ(threads.size(), 2u);
  EXPECT_EQ(threads[0], threads[1]);
}

}  // namespace
}  // namespace motet
