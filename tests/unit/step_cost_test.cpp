// The bare simulator takes the same steps as the world that it is compared with.

#include "runtime/simulation/step_cost.h"

#include <gtest/gtest.h>

#include "world_fixture.h"

namespace motet {
namespace {

TEST(StepCost, TheSimulatorTakesTheWorldsSteps) {
  const EnvironmentPlan plan = test::half_cheetah_plan(130);  // stretches of 100 and of 30
  auto world = test::world_of(plan, test::library_roots());
  const Result<StepCost> cost = measure_step_cost(*world, 333, Random(3));
  ASSERT_TRUE(cost) << cost.error().message;
  EXPECT_EQ(cost->steps, 333);
  EXPECT_EQ(cost->substeps, 5);
  EXPECT_EQ(cost->apart, 0);
  EXPECT_GT(cost->world, 0);
  EXPECT_GT(cost->simulator, 0);
}

TEST(StepCost, APointHasNoSimulator) {
  const EnvironmentPlan plan = test::point_plan();
  EXPECT_FALSE(measure_step_cost(*test::world_of(plan), 10, Random(3)));
}

}  // namespace
}  // namespace motet
