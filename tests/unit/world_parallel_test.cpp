// Worlds side by side: the same results whatever the number of threads.

#include <gtest/gtest.h>

#include "runtime/engine/team.h"
#include "world_fixture.h"

namespace motet {
namespace {

std::vector<double> run(int count, int threads) {
  const EnvironmentPlan plan = test::half_cheetah_plan(40);
  std::vector<std::unique_ptr<World>> worlds;
  for (int i = 0; i < count; ++i) {
    worlds.push_back(test::world_of(plan, test::library_roots(), static_cast<std::uint64_t>(i)));
    worlds.back()->reset();
  }
  Team team(threads);
  const std::size_t m = 6;
  std::vector<float> actions(m * worlds.size());
  std::vector<StepResult> results(worlds.size());
  std::vector<double> trace;
  for (int i = 0; i < 100; ++i) {
    for (std::size_t j = 0; j < actions.size(); ++j) actions[j] = test::swaying(i, j);
    team.each(count, [&](long w, int) {
      const auto at = static_cast<std::size_t>(w);
      results[at] = worlds[at]->step(std::span<const float>(actions).subspan(at * m, m));
    });
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

}  // namespace
}  // namespace motet
