#include "runtime/simulation/step_cost.h"

#include <mujoco/mujoco.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "compiler/model/mujoco_errors.h"
#include "runtime/simulation/mujoco_data.h"

namespace motet {
namespace {

// Of this thread: what else runs on the machine does not count.
double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

constexpr std::int64_t longest_stretch = 100;

struct Stretch {
  std::vector<float> actions;    // [longest_stretch, m]
  std::vector<mjtNum> controls;  // [longest_stretch, nu], as the world set them
  std::int64_t steps = 0;        // that were taken
  StepResult last;

  bool over() const { return last.terminated || last.truncated || last.unstable; }
};

void take_steps(World& world, const mjModel& model, const mjData& data, std::int64_t most, Stretch& stretch) {
  const auto m = static_cast<std::size_t>(world.action_size()), nu = static_cast<std::size_t>(model.nu);
  stretch.steps = 0;
  do {
    const auto at = static_cast<std::size_t>(stretch.steps++);
    stretch.last = world.step(std::span<const float>(stretch.actions).subspan(at * m, m));
    std::copy_n(data.ctrl, nu, stretch.controls.data() + at * nu);
  } while (!stretch.over() && stretch.steps < most);
}

void take_bare_steps(const mjModel& model, mjData& data, const Stretch& stretch, int substeps) {
  const auto nu = static_cast<std::size_t>(model.nu);
  for (std::int64_t i = 0; i < stretch.steps; ++i) {
    std::copy_n(stretch.controls.data() + static_cast<std::size_t>(i) * nu, nu, data.ctrl);
    for (int substep = 0; substep < substeps; ++substep) mj_step(&model, &data);
  }
}

double largest_difference(const mjtNum* a, const mjtNum* b, int count) {
  double largest = 0;
  for (int i = 0; i < count; ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

Result<StepCost> measure_step_cost(World& world, std::int64_t steps, Random random) try {
  if (world.physics().model() == nullptr) return Error{"a point has no simulator to compare with"};
  const mjModel& model = *world.physics().model();
  const mjData& data = *world.physics().data();
  const DataHandle bare(mj_makeData(&model));
  Stretch stretch;
  stretch.actions.resize(static_cast<std::size_t>(longest_stretch * world.action_size()));
  stretch.controls.resize(static_cast<std::size_t>(longest_stretch * model.nu));
  double world_time = 0, simulator_time = 0;
  StepCost cost;
  cost.substeps = world.physics().substeps();
  for (world.reset(); cost.steps < steps; cost.steps += stretch.steps) {
    if (stretch.over()) world.reset();
    random.fill_uniform(stretch.actions, -1, 1);
    mj_copyData(bare.get(), &model, &data);
    const double begin = thread_seconds();
    take_steps(world, model, data, std::min(longest_stretch, steps - cost.steps), stretch);
    const double middle = thread_seconds();
    if (stretch.last.unstable) return Error{"the simulation became unstable: " + world.unstable_reason()};
    take_bare_steps(model, *bare, stretch, cost.substeps);
    simulator_time += thread_seconds() - middle;
    world_time += middle - begin;
    cost.apart = std::max(cost.apart, largest_difference(data.qpos, bare->qpos, model.nq));
  }
  cost.world = world_time / static_cast<double>(cost.steps);
  cost.simulator = simulator_time / static_cast<double>(cost.steps);
  return cost;
} catch (const MujocoError& error) {
  return Error{std::string("MuJoCo: ") + error.what()};
}

}  // namespace motet
