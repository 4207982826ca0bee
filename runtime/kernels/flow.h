#pragma once

// What a flow does to its rows, a vector of rows at a time.

#include "runtime/kernels/gaussian.h"

namespace motet {
namespace MOTET_KERNELS {

static void coupling(const Coupling& c) {
  for (long i = 0; i < c.rows; i += width) {
    const int count = static_cast<int>(c.rows - i < width ? c.rows - i : width);
    Vector log_det{};
    for (long j = 0; j < c.size; ++j) {
      const float* raw = c.raw + i * c.raw_row + j;
      const Vector bent = gather(raw, c.raw_row, count), shift = gather(raw + c.size, c.raw_row, count);
      const Vector x = gather(c.x + i * c.x_row + j, c.x_row, count);
      const Vector bound = choose(bent < Vector{}, splat(c.lowest), splat(c.highest));
      const Vector log_scale = bound * squashed(bent / bound).value, scale = exp(log_scale);
      scatter(c.y + i * c.y_row + j, c.y_row, count, x * scale + shift);
      log_det += log_scale;
      if (c.scale != nullptr) {
        scatter(c.scale + i * c.size + j, c.size, count, scale);
        scatter(c.log_scale + i * c.size + j, c.size, count, log_scale);
      }
    }
    for (int l = 0; l < count; ++l) c.log_det[i + l] += log_det[l];
  }
}

static void squash(const Squash& s) {
  for (long i = 0; i < s.rows; i += width) {
    const int count = static_cast<int>(s.rows - i < width ? s.rows - i : width);
    Vector log_det{};
    for (long j = 0; j < s.size; ++j) {
      const Squashed a = squashed(gather(s.u + i * s.u_row + j, s.u_row, count));
      scatter(s.action + i * s.action_row + j, s.action_row, count, a.value);
      log_det += a.log_slope;
      if (s.slope != nullptr) scatter(s.slope + i * s.size + j, s.size, count, a.slope);
    }
    for (int l = 0; l < count; ++l) s.log_det[i + l] += log_det[l];
  }
}

}  // namespace MOTET_KERNELS
}  // namespace motet
