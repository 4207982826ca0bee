// What World::step costs beside mj_step alone, in the worlds of the examples:
//   ninja -C build/release motet_bench_world && build/release/tests/motet_bench_world

#include <benchmark/benchmark.h>

#include "compiler/check.h"
#include "compiler/lower.h"
#include "runtime/simulation/step_cost.h"

namespace motet {
namespace {

const std::filesystem::path source = MOTET_SOURCE_DIR;

Result<EnvironmentPlan> environment_of(const std::string& example) {
  const std::vector<std::filesystem::path> library = {source / "library"};
  SourceMap sources;
  Diagnostics diagnostics;
  const Program program =
      load_program(source / "examples" / example / (example + ".motet"), {library}, sources, diagnostics);
  const auto graph = check(program, sources, diagnostics);
  if (!graph) return Error{example + " does not compile"};
  Result<Plan> plan = lower(*graph, {}, sources, library, diagnostics);
  if (!plan) return plan.error();
  return plan->skills.at(0).environment;
}

// An iteration takes a thousand control steps; its time is the world's.
void world_step(benchmark::State& state, const std::string& example) {
  const Result<EnvironmentPlan> plan = environment_of(example);
  if (!plan) return state.SkipWithError(plan.error().message.c_str());
  auto world = World::make(*plan, {source / "examples" / example, {source / "library"}}, Random(1));
  if (!world) return state.SkipWithError(world.error().message.c_str());
  StepCost cost;
  for (auto _ : state) {
    const Result<StepCost> measured = measure_step_cost(**world, 1000, Random(2));
    if (!measured) return state.SkipWithError(measured.error().message.c_str());
    cost = *measured;
    state.SetIterationTime(cost.world * static_cast<double>(cost.steps));
  }
  state.SetItemsProcessed(state.iterations() * cost.steps);
  state.counters["world_us"] = 1e6 * cost.world;
  state.counters["mj_step_us"] = 1e6 * cost.simulator;
  state.counters["overhead_%"] = 100 * cost.overhead();
  state.counters["apart"] = cost.apart;
}
BENCHMARK_CAPTURE(world_step, reaching, "reaching")->UseManualTime();
BENCHMARK_CAPTURE(world_step, pendulum, "pendulum")->UseManualTime();
BENCHMARK_CAPTURE(world_step, half_cheetah, "half_cheetah")->UseManualTime();
BENCHMARK_CAPTURE(world_step, hopper, "hopper")->UseManualTime();

}  // namespace
}  // namespace motet

BENCHMARK_MAIN();
