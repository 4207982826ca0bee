// Worlds side by side: the same results whatever the number of threads.

#include <gtest/gtest.h>

#include "world_fixture.h"

namespace motet {
namespace {

std::vector<double> run(int count, int threads) {
  const EnvironmentPlan plan = test::half_cheetah_plan(40);
  std::vector<std::unique_ptr<World>> worlds;
  std::vector<World*> pointers;
  for (int i = 0; i < count; ++i) {
    worlds.push_back(test::world_of(plan, test::library_roots(), static_cast<std::uint64_t>(i)));
    worlds.back()->reset();
    pointers.push_back(worlds.back().get());
  }
  ParallelWorlds parallel(pointers, threads);
  const std::size_t m = 6;
  std::vector<float> actions(m * worlds.size());
  std::vector<StepResult> results(worlds.size());
  std::vector<double> trace;
  for (int i = 0; i < 100; ++i) {
    for (std::size_t j = 0; j < actions.size(); ++j) actions[j] = test::swaying(i, j);
    parallel.step(actions, results);
    for (std::size_t w = 0; w < worlds.size(); ++w) {
      trace.push_back(results[w].reward);
      trace.insert(trace.end(), worlds[w]->observation().begin(), worlds[w]->observation().end());
      if (results[w].truncated) worlds[w]->reset();
    }
  }
  return trace;
}

TEST(ParallelWorldsTest, TheResultDoesNotDependOnThreads) {
  const std::vector<double> alone = run(5, 1);
  EXPECT_EQ(alone, run(5, 2));
  EXPECT_EQ(alone, run(5, 4));
  EXPECT_EQ(alone, run(5, 16));
}

TEST(ParallelWorldsTest, ASingleWorldAndNoStepAtAllAreFine) {
  EXPECT_EQ(run(1, 4), run(1, 1));
  ParallelWorlds none({}, 4);
  none.step({}, {});
  const EnvironmentPlan plan = test::point_plan();
  auto a = test::world_of(plan), b = test::world_of(plan);
  ParallelWorlds unused({a.get(), b.get()}, 2);
}

}  // namespace
}  // namespace motet
