#include "runtime/policy/flat_kernels.h"

#include <array>
#include <cmath>
#include <cstddef>

// The same loop for each instruction set: `body` is inlined into a function for each, and the widest
// that the machine has is called.
#if defined(__x86_64__) && defined(__GNUC__)
#define MOTET_INLINE [[gnu::always_inline]] inline
#define MOTET_WIDEST(call)                                                            \
  const auto avx512 = [&]() __attribute__((target("avx512f"))) {                      \
    call;                                                                             \
  };                                                                                  \
  const auto avx2 = [&]() __attribute__((target("avx2,fma"))) {                       \
    call;                                                                             \
  };                                                                                  \
  if (__builtin_cpu_supports("avx512f")) return avx512();                             \
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2(); \
  call
#else
#define MOTET_INLINE inline
#define MOTET_WIDEST(call) call
#endif

namespace motet {
namespace {

template <typename T>
MOTET_INLINE void adam_body(const AdamStep& step, const T* g, T* m, T* v, T* x, std::size_t size) {
  const T b1 = T(step.beta1), b2 = T(step.beta2), c1 = T(1 - step.beta1), c2 = T(1 - step.beta2);
  const T first = T(step.first), second = T(step.second), epsilon = T(step.epsilon);
  for (std::size_t i = 0; i < size; ++i) {
    m[i] = b1 * m[i] + c1 * g[i];
    v[i] = b2 * v[i] + c2 * g[i] * g[i];
    x[i] -= first * m[i] / (second * std::sqrt(v[i]) + epsilon);
  }
}

template <typename T>
MOTET_INLINE void move_body(const T* goal, T tau, T* x, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) x[i] = tau * goal[i] + (T(1) - tau) * x[i];
}

// Partial sums that stay in vector registers: the compiler may not reorder a single one.
MOTET_INLINE float dot_body(const float* a, const float* b, std::size_t n) {
  constexpr std::size_t lanes = 32;
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float rest = 0;
  for (; i < n; ++i) rest += a[i] * b[i];
  for (std::size_t half = lanes / 2; half > 0; half /= 2) {
    for (std::size_t lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
  }
  return sums[0] + rest;
}

MOTET_INLINE void affine_body(const float* weight, const float* bias, std::span<const float> x,
                              std::span<float> y) {
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] = dot_body(weight + i * x.size(), x.data(), x.size()) + bias[i];
}

}  // namespace

template <typename T>
void adam_pass(const AdamStep& step, std::span<const T> g, std::span<T> m, std::span<T> v, std::span<T> x) {
  MOTET_WIDEST(adam_body(step, g.data(), m.data(), v.data(), x.data(), x.size()));
}

template <typename T>
void move_towards(std::span<const T> goal, double tau, std::span<T> x) {
  MOTET_WIDEST(move_body(goal.data(), T(tau), x.data(), x.size()));
}

void affine(const float* weight, const float* bias, std::span<const float> x, std::span<float> y) {
  MOTET_WIDEST(affine_body(weight, bias, x, y));
}

template void adam_pass(const AdamStep&, std::span<const float>, std::span<float>, std::span<float>,
                        std::span<float>);
template void adam_pass(const AdamStep&, std::span<const double>, std::span<double>, std::span<double>,
                        std::span<double>);
template void move_towards(std::span<const float>, double, std::span<float>);
template void move_towards(std::span<const double>, double, std::span<double>);

}  // namespace motet
