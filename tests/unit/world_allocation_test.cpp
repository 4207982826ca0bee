// A step takes no memory.

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <new>

#include "allocation_counter.h"
#include "world_fixture.h"

namespace {

thread_local long count = 0;

}  // namespace

long allocations() {
  return count;
}

// Every new in this program is counted, in the thread that calls it. The sanitizers have their own.
#if MOTET_COUNTS_ALLOCATIONS
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

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
