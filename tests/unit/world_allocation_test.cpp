// A step takes no memory.

#include <gtest/gtest.h>

#include <array>

#include "allocation_counter.h"
#include "world_fixture.h"

namespace motet {
namespace {

void expect_no_allocation(World& world) {
  world.reset();
  std::vector<float> action(static_cast<std::size_t>(world.action_size()));
  const long before = allocations();
  for (int i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < action.size(); ++j) action[j] = test::swaying(i, j);
    world.step(action);
    if (i == 100) world.reset();
  }
  EXPECT_EQ(allocations(), before);
}

TEST(WorldAllocation, AStepOfThePointTakesNone) {
  const EnvironmentPlan plan = test::point_plan();
  expect_no_allocation(*test::world_of(plan));
}

TEST(WorldAllocation, AStepOfARobotTakesNone) {
  const EnvironmentPlan plan = test::half_cheetah_plan();
  expect_no_allocation(*test::world_of(plan, test::library_roots()));
}

TEST(WorldAllocation, TheCounterCounts) {
  if (!MOTET_COUNTS_ALLOCATIONS) GTEST_SKIP() << "the sanitizers have their own allocator";
  const long before = allocations();
  const auto memory = std::make_unique<std::array<char, 64>>();
  EXPECT_NE(memory, nullptr);
  EXPECT_EQ(allocations(), before + 1);
}

}  // namespace
}  // namespace motet
