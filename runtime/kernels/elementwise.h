#pragma once

// One pass over whole networks' worth of parameters.

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/vector.h"

namespace motet {
namespace MOTET_KERNELS {

MOTET_INLINE Vector square_root(Vector x) {
  Vector y;
  for (int i = 0; i < width; ++i) y[i] = __builtin_sqrtf(x[i]);
  return y;
}

// The last vector, of fewer lanes than the others, is worked on in a copy.
struct AdamLanes {
  Vector g, m, v, x, target;
};

template <bool Targets>
MOTET_INLINE void adam_lanes(const AdamStep& step, float tau, AdamLanes& l) {
  const float b1 = static_cast<float>(step.beta1), b2 = static_cast<float>(step.beta2);
  const float c1 = static_cast<float>(1 - step.beta1), c2 = static_cast<float>(1 - step.beta2);
  l.m = b1 * l.m + c1 * l.g;
  l.v = b2 * l.v + c2 * l.g * l.g;
  l.x -= static_cast<float>(step.rate) * l.m /
         (static_cast<float>(step.root) * square_root(l.v) + static_cast<float>(step.epsilon));
  if (Targets) l.target = tau * l.x + (1 - tau) * l.target;
}

template <bool Targets>
static void adam_with(const AdamStep& step, long size, const float* g, float* m, float* v, float* x,
                      float* target, float tau) {
  const long whole = size - size % width;
  for (long i = 0; i < whole; i += width) {
    AdamLanes l{load(g + i), load(m + i), load(v + i), load(x + i), Targets ? load(target + i) : Vector{}};
    adam_lanes<Targets>(step, tau, l);
    store(m + i, l.m);
    store(v + i, l.v);
    store(x + i, l.x);
    if (Targets) store(target + i, l.target);
  }
  if (whole == size) return;
  AdamLanes l{};
  for (long i = whole; i < size; ++i) {
    const int lane = static_cast<int>(i - whole);
    l.g[lane] = g[i], l.m[lane] = m[i], l.v[lane] = v[i], l.x[lane] = x[i];
    if (Targets) l.target[lane] = target[i];
  }
  adam_lanes<Targets>(step, tau, l);
  store_some(m + whole, l.m, size - whole);
  store_some(v + whole, l.v, size - whole);
  store_some(x + whole, l.x, size - whole);
  if (Targets) store_some(target + whole, l.target, size - whole);
}

static void adam(const AdamStep& step, long size, const float* g, float* m, float* v, float* x, float* target,
                 double tau) {
  if (target != nullptr) {
    adam_with<true>(step, size, g, m, v, x, target, static_cast<float>(tau));
  } else {
    adam_with<false>(step, size, g, m, v, x, nullptr, 0);
  }
}

}  // namespace MOTET_KERNELS
}  // namespace motet
