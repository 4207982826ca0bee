// What instructions, random numbers, terms and checksums cost:
//   ninja -C build/release motet_bench_core && build/release/tests/motet_bench_core

#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "compiler/term.h"
#include "runtime/archive/crc32c.h"
#include "runtime/instructions/evaluator.h"

namespace motet {
namespace {

class Zeros : public SignalSource {
 public:
  void read(std::size_t, std::span<double> out) const override { std::fill(out.begin(), out.end(), 0.25); }
};

// The step program of a half cheetah: 17 observations, the speed less the cost of the controls.
InstructionProgram half_cheetah() {
  TermTable table;
  const TermId q = table.signal({SignalKind::qpos, "", "", 9}),
               v = table.signal({SignalKind::qvel, "", "", 9});
  const TermId action = table.signal({SignalKind::action, "", "", 6});
  const TermId x = table.slice(q, 0, 1);
  const TermId moved = table.operation(Op::sub, {x, table.previous(x)});
  const TermId run = table.operation(Op::div, {moved, table.constant(0.05)});
  const TermId control = table.operation(Op::sum, {table.operation(Op::pow, {action, table.constant(2.0)})});
  const TermId cost = table.operation(Op::mul, {table.constant(0.1), control});
  const TermId reward = table.operation(Op::sub, {run, cost});
  return lower(table, {{"observation", table.concat({table.slice(q, 1, 8), v})},
                       {"reward", reward},
                       {"reward.run", run},
                       {"reward.control", control}});
}

void evaluation(benchmark::State& state) {
  const InstructionProgram program = half_cheetah();
  Evaluator evaluator(program);
  evaluator.reset(Zeros());
  for (auto _ : state) evaluator.evaluate(Zeros());
  state.counters["instructions"] = static_cast<double>(program.code.size());
}
BENCHMARK(evaluation);

// One operation a thousand times, on vectors of this length.
void instruction(benchmark::State& state) {
  const Op op = static_cast<Op>(state.range(0));
  const auto n = static_cast<std::uint32_t>(state.range(1));
  constexpr int count = 1000;
  InstructionProgram program;
  program.registers = 3 * n;
  const Operand a{0, n == 1 ? 0u : 1u}, b{n, n == 1 ? 0u : 1u};
  const bool two = op >= Op::add;
  program.code.assign(count, {.op = op, .n = n, .dst = 2 * n, .a = a, .b = two ? b : Operand{}});
  Evaluator evaluator(program);
  std::fill(evaluator.registers().begin(), evaluator.registers().end(), 0.7);
  for (auto _ : state) evaluator.evaluate(Zeros());
  state.SetLabel(std::string(op_name(op)));
  state.SetItemsProcessed(state.iterations() * count);
}
BENCHMARK(instruction)
    ->ArgsProduct({{static_cast<int>(Op::add), static_cast<int>(Op::div), static_cast<int>(Op::min),
                    static_cast<int>(Op::lt), static_cast<int>(Op::exp), static_cast<int>(Op::tanh)},
                   {1, 6, 17, 64}});

void normal_deviates(benchmark::State& state) {
  Random random(1);
  std::vector<float> values(4096);
  for (auto _ : state) random.fill_normal(values);
  state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(normal_deviates);

void terms(benchmark::State& state) {
  for (auto _ : state) {
    TermTable table;
    TermId id = table.signal({SignalKind::time, "", "", 1});
    for (int i = 0; i < 10'000; ++i) id = table.operation(Op::add, {id, table.constant(i % 100)});
    benchmark::DoNotOptimize(lower(table, {{"value", id}}));
  }
  state.SetItemsProcessed(state.iterations() * 10'000);
}
BENCHMARK(terms)->Unit(benchmark::kMillisecond);

void checksum(benchmark::State& state) {
  const std::vector<std::byte> bytes(1 << 20);
  for (auto _ : state) benchmark::DoNotOptimize(crc32c(bytes));
  state.SetBytesProcessed(state.iterations() * (1 << 20));
}
BENCHMARK(checksum);

}  // namespace
}  // namespace motet

BENCHMARK_MAIN();
