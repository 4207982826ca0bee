#pragma once

// A vector register of floats in GCC's and clang's portable form, as wide as the instruction set that
// this source is compiled for. Included by the kernels' sources only, each in a namespace of its own.

#include <utility>

namespace motet {
namespace MOTET_KERNELS {

#if defined(__AVX512F__)
inline constexpr int width = 16;
#elif defined(__AVX__)
inline constexpr int width = 8;
#else
inline constexpr int width = 4;
#endif

using Vector = float __attribute__((vector_size(width * 4)));
using Integers = int __attribute__((vector_size(width * 4)));

#define MOTET_INLINE static inline __attribute__((always_inline))

// From and to any address.
MOTET_INLINE Vector load(const float* p) {
  Vector x;
  __builtin_memcpy(&x, p, sizeof x);
  return x;
}

MOTET_INLINE void store(float* p, Vector x) {
  __builtin_memcpy(p, &x, sizeof x);
}

// The first `count` lanes.
MOTET_INLINE void store_some(float* p, Vector x, long count) {
  if (count >= width) {
    store(p, x);
  } else {
    for (int i = 0; i < count; ++i) p[i] = x[i];
  }
}

MOTET_INLINE Vector splat(float x) {
  return x - Vector{};
}

// x where keep is true (all ones), else 0.
MOTET_INLINE Vector where(Integers keep, Vector x) {
  return reinterpret_cast<Vector>(keep & reinterpret_cast<Integers>(x));
}

MOTET_INLINE Vector choose(Integers condition, Vector yes, Vector no) {
  return reinterpret_cast<Vector>((condition & reinterpret_cast<Integers>(yes)) |
                                  (~condition & reinterpret_cast<Integers>(no)));
}

MOTET_INLINE Vector larger(Vector a, Vector b) {
  return choose(a > b, a, b);
}

MOTET_INLINE Vector smaller(Vector a, Vector b) {
  return choose(a < b, a, b);
}

MOTET_INLINE Vector absolute(Vector x) {
  return reinterpret_cast<Vector>(reinterpret_cast<Integers>(x) & 0x7fffffff);
}

MOTET_INLINE Vector with_sign_of(Vector x, Vector sign) {
  return reinterpret_cast<Vector>(reinterpret_cast<Integers>(x) |
                                  (reinterpret_cast<Integers>(sign) & static_cast<int>(0x80000000u)));
}

// By halves: lane i takes lane i + Step in, until lane 0 has all.
template <int Step, int... Lane>
MOTET_INLINE Vector halves(Vector x, std::integer_sequence<int, Lane...> lanes) {
  const Vector folded = x + __builtin_shufflevector(x, x, ((Lane + Step) % width)...);
  if constexpr (Step > 1) return halves<Step / 2>(folded, lanes);
  return folded;
}

MOTET_INLINE float sum(Vector x) {
  return halves<width / 2>(x, std::make_integer_sequence<int, width>{})[0];
}

// exp(x) = scale + scale * rest, with scale a power of two and rest = exp(r) - 1 for |r| <= log(2) / 2:
// neither exp nor exp - 1 loses digits. x is held within +-87, where scale is a normal number.
struct Exponential {
  Vector scale, rest;
};

MOTET_INLINE Exponential exponential(Vector x) {
  x = smaller(larger(x, splat(-87.0f)), splat(87.0f));
  const Vector magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  const Vector n = (x * 1.44269504f + magic) - magic;
  const Vector r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  Vector p = splat(1.0f / 5040);
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * (r * r) + r;
  const Integers exponent = (__builtin_convertvector(n, Integers) + 127) << 23;
  return {reinterpret_cast<Vector>(exponent), p};
}

MOTET_INLINE Vector exp(Vector x) {
  const Exponential e = exponential(x);
  return e.scale * e.rest + e.scale;
}

// log(1 + x) for 0 <= x <= 1, by 2 artanh(x / (2 + x)).
MOTET_INLINE Vector log1p_unit(Vector x) {
  const Vector s = x / (x + 2.0f), s2 = s * s;
  Vector p = splat(2.0f / 15);
  p = p * s2 + 2.0f / 13;
  p = p * s2 + 2.0f / 11;
  p = p * s2 + 2.0f / 9;
  p = p * s2 + 2.0f / 7;
  p = p * s2 + 2.0f / 5;
  p = p * s2 + 2.0f / 3;
  p = p * s2 + 2.0f;
  return p * s;
}

}  // namespace MOTET_KERNELS
}  // namespace motet
