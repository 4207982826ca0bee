#pragma once

// The squashed Gaussian, a vector of rows at a time: an action has few coordinates, a batch many rows.

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/vector.h"

namespace motet {
namespace MOTET_KERNELS {

// Lane l holds column j of row l, for `count` rows; 0 elsewhere. Kernels gather all that they read before
// they compute: a product and the sum that it goes into are then fused, or not, for all rows alike.
MOTET_INLINE Vector gather(const float* p, long stride, int count) {
  Vector x{};
  for (int l = 0; l < count; ++l) x[l] = p[l * stride];
  return x;
}

MOTET_INLINE void scatter(float* p, long stride, int count, Vector x) {
  for (int l = 0; l < count; ++l) p[l * stride] = x[l];
}

// tanh(u), its slope 1 - tanh(u)^2 and the logarithm of that, none with a cancellation.
struct Squashed {
  Vector value, slope, log_slope;
};

MOTET_INLINE Squashed squashed(Vector u) {
  const float log_two = 0.69314718f;
  const Exponential e = exponential(-2.0f * absolute(u));  // of -2|u|: never above 1
  const Vector decay = e.scale * e.rest + e.scale, less_one = e.scale * e.rest + (e.scale - 1.0f);
  const Vector sum = decay + 1.0f;
  // softplus(-2 u) = max(-2 u, 0) + log(1 + exp(-2 |u|))
  const Vector softplus = larger(-2.0f * u, Vector{}) + log1p_unit(decay);
  return {with_sign_of(less_one / (less_one + 2.0f) * -1.0f, u), 4.0f * decay / (sum * sum),
          2.0f * (log_two - u - softplus)};
}

static void gaussian_sample(const GaussianSample& s) {
  const float half_log_two_pi = 0.91893853f;
  for (long i = 0; i < s.rows; i += width) {
    const int count = static_cast<int>(s.rows - i < width ? s.rows - i : width);
    Vector log_prob{};
    for (long j = 0; j < s.size; ++j) {
      const float* head = s.head + i * s.head_row + j;
      const Vector mean = gather(head, s.head_row, count);
      const Vector log_sigma =
          smaller(larger(gather(head + s.size, s.head_row, count), splat(s.lowest)), splat(s.highest));
      const Vector noise = gather(s.noise + i * s.size + j, s.size, count);
      const Vector spread = exp(log_sigma) * noise;
      Squashed a = squashed(mean + spread);
      if (!s.bounded) a = {mean + spread, splat(1), Vector{}};
      log_prob += -0.5f * noise * noise - log_sigma - half_log_two_pi - a.log_slope;
      scatter(s.action + i * s.action_row + j, s.action_row, count, a.value);
      if (s.slope != nullptr) {
        scatter(s.slope + i * s.size + j, s.size, count, a.slope);
        scatter(s.spread + i * s.size + j, s.size, count, spread);
      }
    }
    store_some(s.log_prob + i, log_prob, count);
  }
}

static void gaussian_gradient(const GaussianGradient& g) {
  for (long i = 0; i < g.rows; i += width) {
    const int count = static_cast<int>(g.rows - i < width ? g.rows - i : width);
    for (long j = 0; j < g.size; ++j) {
      const Vector raw = gather(g.head + i * g.head_row + g.size + j, g.head_row, count);
      const Vector action = gather(g.action + i * g.action_row + j, g.action_row, count);
      const Vector slope = gather(g.slope + i * g.size + j, g.size, count);
      const Vector spread = gather(g.spread + i * g.size + j, g.size, count);
      const Vector by_action =
          gather(g.action_gradient + i * g.action_gradient_row + j, g.action_gradient_row, count);
      const Vector by_mean =
          g.bounded ? g.weight_alpha * 2.0f * action + by_action * slope : by_action * slope;
      const Vector by_log_sigma = by_mean * spread - g.weight_alpha;
      float* out = g.gradient + i * g.gradient_row + j;
      scatter(out, g.gradient_row, count, by_mean);
      scatter(out + g.size, g.gradient_row, count,
              where((raw >= splat(g.lowest)) & (raw <= splat(g.highest)), by_log_sigma));
    }
  }
}

}  // namespace MOTET_KERNELS
}  // namespace motet
