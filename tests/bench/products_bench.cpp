// The engine's products beside those of OpenBLAS and oneDNN, where this machine has them, on the shapes of
// an update; one thread each:
//   ninja -C build/release motet_bench_products
//   OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 build/release/tests/motet_bench_products

#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/engine/matrix.h"
#include "runtime/kernels/kernels.h"

namespace motet {
namespace {

// rows, columns, depth; the last: A is read by its columns.
void shapes(benchmark::internal::Benchmark* benchmark) {
  for (const auto& shape : {std::vector<std::int64_t>{256, 256, 257, 0},
                            {256, 256, 24, 0},
                            {128, 128, 129, 0},
                            {100, 64, 65, 0},
                            {257, 256, 256, 1}})
    benchmark->Args(shape);
}

template <typename Multiply>
void measure(benchmark::State& state, Multiply multiply) {
  const long rows = state.range(0), columns = state.range(1), depth = state.range(2);
  const bool transposed = state.range(3) != 0;
  Matrix a = transposed ? Matrix(depth, rows) : Matrix(rows, depth), b(depth, columns), c(rows, columns);
  for (auto _ : state) multiply(rows, columns, depth, transposed, a, b, c);
  state.counters["Gflop/s"] = benchmark::Counter(2e-9 * static_cast<double>(rows * columns * depth),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

void engine(benchmark::State& state) {
  measure(state, [](long rows, long columns, long depth, bool transposed, Matrix& a, Matrix& b, Matrix& c) {
    kernels().product({.rows = rows,
                       .columns = columns,
                       .depth = depth,
                       .a = a.row(0),
                       .a_row = transposed ? 1 : a.stride(),
                       .a_depth = transposed ? a.stride() : 1,
                       .b = b.row(0),
                       .b_row = b.stride(),
                       .c = c.row(0),
                       .c_row = c.stride()});
  });
}
BENCHMARK(engine)->Apply(shapes);

template <typename Function>
Function find(benchmark::State& state, const char* library, const char* name) {
  void* const handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
  void* const symbol = handle != nullptr ? ::dlsym(handle, name) : nullptr;
  if (symbol == nullptr) state.SkipWithError((std::string(library) + " is not installed").c_str());
  return reinterpret_cast<Function>(symbol);
}

void openblas(benchmark::State& state) {
  using Sgemm =
      void (*)(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*, int);
  const auto sgemm = find<Sgemm>(state, "libopenblas.so.0", "cblas_sgemm");
  if (sgemm == nullptr) return;
  measure(state, [&](long rows, long columns, long depth, bool transposed, Matrix& a, Matrix& b, Matrix& c) {
    sgemm(101, transposed ? 112 : 111, 111, static_cast<int>(rows), static_cast<int>(columns),
          static_cast<int>(depth), 1, a.row(0), static_cast<int>(a.stride()), b.row(0),
          static_cast<int>(b.stride()), 0, c.row(0), static_cast<int>(c.stride()));
  });
}
BENCHMARK(openblas)->Apply(shapes);

void onednn(benchmark::State& state) {
  using Sgemm = int (*)(char, char, std::int64_t, std::int64_t, std::int64_t, float, const float*,
                        std::int64_t, const float*, std::int64_t, float, float*, std::int64_t);
  const auto sgemm = find<Sgemm>(state, "libdnnl.so.2", "dnnl_sgemm");
  if (sgemm == nullptr) return;
  measure(state, [&](long rows, long columns, long depth, bool transposed, Matrix& a, Matrix& b, Matrix& c) {
    sgemm(transposed ? 'T' : 'N', 'N', rows, columns, depth, 1, a.row(0), a.stride(), b.row(0), b.stride(), 0,
          c.row(0), c.stride());
  });
}
BENCHMARK(onednn)->Apply(shapes);

void transpose(benchmark::State& state) {
  const Matrix from(256, 256);
  Matrix to(256, 256);
  for (auto _ : state) kernels().transpose(256, 256, from.row(0), from.stride(), to.row(0), to.stride());
}
BENCHMARK(transpose)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace motet

BENCHMARK_MAIN();
