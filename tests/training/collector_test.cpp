// The worlds that a training steps, and the threads that it takes for them.

#include "runtime/learning/collector.h"

#include <gtest/gtest.h>

#include "trainer_fixture.h"

namespace motet {
namespace {

std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

// `threads = 1` is one thread for the worlds too.
TEST(Collector, ATrainingTellsItTheThreadsOfTheSettings) {
  std::vector<std::ptrdiff_t> threads;
  for (const std::int64_t worlds : {1, 4}) {
    TemporaryFolder folder;
    Plan plan = test::training_plan(100);
    plan.skills[0].train.worlds = worlds;
    TrainingRequest request = test::training_request(plan, folder.path());
    bool first = true;
    request.on_message = [&](const std::string&) {
      if (std::exchange(first, false)) threads.push_back(threads_of_this_process());
    };
    ASSERT_EQ(test::error_of(request), "");
  }
  ASSERT_EQ(threads.size(), 2u);
  EXPECT_EQ(threads[0], threads[1]);
}

}  // namespace
}  // namespace motet
