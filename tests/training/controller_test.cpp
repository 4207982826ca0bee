// A bundle at work on a robot sees and does what the skill saw and did in its world.

#include "runtime/control/controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "allocation_counter.h"
#include "program_plan.h"
#include "runtime/learning/make_bundle.h"
#include "trainer_fixture.h"

namespace motet {
namespace {

using namespace test;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::optional<Bundle> trained(const Plan& plan, const fs::path& folder) {
  TrainingRequest request = training_request(plan, folder / plan.skills[0].name);
  request.roots = program_roots;
  request.folder_of = [&](const std::string& name) { return folder / name; };
  EXPECT_EQ(error_of(request), "");
  Result<Bundle> bundle = make_bundle(plan, plan.skills[0], request.folder_of, program_roots);
  EXPECT_TRUE(bundle) << (bundle ? "" : bundle.error().message);
  return bundle ? std::optional(std::move(*bundle)) : std::nullopt;
}

const char* const settings =
    "\n  policy gaussian { hidden [8] }\n  learn sac { steps 60, warmup 50, batch 16, hidden [8] }\n}\n";

// What the controller is told, of a simulated robot.
class Measurements {
 public:
  Measurements(Physics& physics, const Controller& controller)
      : physics_(physics), values_(controller.signal_size()) {
    for (const SignalRef& signal : controller.signals()) {
      const Result<int> handle = physics.bind(signal);
      EXPECT_TRUE(handle);
      handles_.push_back({handle ? *handle : 0, signal.length});
    }
  }
  std::span<const double> read() {
    std::size_t place = 0;
    for (const auto& [handle, length] : handles_) {
      physics_.read(handle, std::span(values_).subspan(place, length));
      place += length;
    }
    return values_;
  }

 private:
  Physics& physics_;
  std::vector<std::pair<int, std::uint32_t>> handles_;
  std::vector<double> values_;
};

// An episode of the world by its own step, and one of the same physics by the controller.
void expect_same_episode(const Plan& plan, const Bundle& bundle, int steps) {
  const EnvironmentPlan& environment = plan.skills[0].environment;
  std::string error;
  const auto executor = Executor::from_bytes(*pack(bundle), error);
  auto made = Controller::make(bundle, {});
  ASSERT_TRUE(made) << made.error().message;
  Controller& controller = **made;
  auto world = world_of(environment, program_roots, 5), bare = world_of(environment, program_roots, 5);
  world->reset();
  bare->reset();
  Physics& physics = bare->physics();
  Measurements measurements(physics, controller);
  controller.begin(measurements.read());
  std::vector<float> action(static_cast<std::size_t>(world->action_size()));
  std::vector<double> controls(bundle.contract.actuators.size());
  const auto per_tick = physics.substeps() / static_cast<int>(controller.ticks_per_step());
  long allocated = 0;
  for (int i = 0; i < steps; ++i) {
    executor->step(world->observation(), action);
    ASSERT_FALSE(world->step(action).terminated) << "in step " << i;
    for (std::int64_t tick = 0; tick < controller.ticks_per_step(); ++tick) {
      const std::span<const double> measured = measurements.read();
      const long before = allocations();
      ASSERT_TRUE(controller.tick(measured, controls));
      allocated += allocations() - before;
      if (tick == 0) {
        ASSERT_EQ(std::vector(controller.action().begin(), controller.action().end()), action);
      }
      for (int substep = 0; substep < per_tick; ++substep) physics.advance(controls);
      physics.refresh();
    }
  }
  controller.tick(measurements.read(), controls);
  for (std::size_t i = 0; i < world->observation().size(); ++i)
    ASSERT_FLOAT_EQ(controller.observation()[i], world->observation()[i]) << i;
  EXPECT_EQ(allocated, 0);
}

// Histories, a drive in every physics step, an inertial unit.
TEST(Controller, DrivesAMinitaurAsItsWorldDoes) {
  const TemporaryFolder folder;
  const auto plan =
      plan_of(folder.path() / "walk.motet",
              std::string("import robots.minitaur\nskill walk { in flat maximize walk_forward") + settings);
  ASSERT_TRUE(plan);
  const auto bundle = trained(*plan, folder.path());
  ASSERT_TRUE(bundle);
  expect_same_episode(*plan, *bundle, 30);
}

TEST(Controller, DrivesWithoutADriveAsItsWorldDoes) {
  const TemporaryFolder folder;
  const auto plan = plan_of(
      folder.path() / "run.motet",
      std::string("import robots.half_cheetah\nskill run { in track maximize run_forward") + settings);
  ASSERT_TRUE(plan);
  const auto bundle = trained(*plan, folder.path());
  ASSERT_TRUE(bundle);
  expect_same_episode(*plan, *bundle, 100);
}

TEST(Controller, RefusesWhatNoRobotMeasures) {
  const TemporaryFolder folder;
  Plan plan = training_plan(200);
  plan.skills[0].environment.observation_names = {"x", "y", "gx", "gy"};
  plan.skills[0].environment.robot.actuators = {{"x", -1, 1}, {"y", -1, 1}};
  const auto bundle = trained(plan, folder.path());
  ASSERT_TRUE(bundle);
  const auto made = Controller::make(*bundle, {});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("`goal`"));
}

}  // namespace
}  // namespace motet
