#pragma once

// The Stein variational direction of one state's particles, with the kernel's bandwidth from their median.

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/vector.h"

namespace motet {
namespace MOTET_KERNELS {

MOTET_INLINE int sum(Integers x) {
  int total = 0;
  for (int i = 0; i < width; ++i) total += x[i];
  return total;
}

// How many of the numbers are at most `most`; none is negative, so that their bits are in their order.
MOTET_INLINE int count_up_to(const float* p, long size, int most) {
  Integers count{};
  const Integers limit = Integers{} + most;
  for (long i = 0; i < size; i += width) count -= reinterpret_cast<Integers>(load(p + i)) <= limit;
  return sum(count);
}

// The lower median of d(i, j), i < j, of a symmetric matrix with a zero diagonal: by halving the range of
// its bits.
static float median_of_pairs(const float* distances, long particles, long padded) {
  const long wanted = (particles * (particles - 1) / 2 + 1) / 2;
  int low = 0, high = 0x7f7fffff;  // the largest finite number
  while (low < high) {
    const int middle = low + (high - low) / 2;
    const long pairs = (count_up_to(distances, particles * padded, middle) - particles) / 2;
    if (pairs >= wanted) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  float median;
  __builtin_memcpy(&median, &low, sizeof median);
  return median;
}

static void stein_direction(const SteinDirection& s) {
  const long padded = (s.particles + width - 1) / width * width;
  float *u = s.scratch, *score = u + s.size * padded, *distances = score + s.size * padded;
  for (long k = 0; k < s.size; ++k) {
    for (long i = 0; i < padded; ++i) {
      const bool real = i < s.particles;
      u[k * padded + i] = real ? s.u[i * s.u_row + k] : __builtin_inff();
      score[k * padded + i] = real ? s.score[i * s.score_row + k] : 0.0f;
    }
  }
  for (long j = 0; j < s.particles; ++j) {
    for (long i = 0; i < padded; i += width) {
      Vector distance{};
      for (long k = 0; k < s.size; ++k) {
        const Vector apart = load(u + k * padded + i) - u[k * padded + j];
        distance += apart * apart;
      }
      store(distances + j * padded + i, distance);
    }
  }
  float bandwidth = median_of_pairs(distances, s.particles, padded) / s.median_part;
  if (!(bandwidth > s.floor)) bandwidth = s.floor;
  const float scale = 1 / static_cast<float>(s.particles);
  // Padding has an infinite distance, and a weight of 0 that must not meet an infinite u.
  for (long k = 0; k < s.size; ++k)
    for (long i = s.particles; i < padded; ++i) u[k * padded + i] = 0;
  for (long j = 0; j < s.particles; ++j) {
    float* weights = distances + j * padded;
    for (long i = 0; i < padded; i += width) {
      const Vector exponent = load(weights + i) * (-1 / bandwidth);
      store(weights + i, where(exponent >= splat(-87.0f), exp(exponent)));
    }
    for (long k = 0; k < s.size; ++k) {
      const float own = u[k * padded + j];
      Vector total{};
      for (long i = 0; i < padded; i += width)
        total += load(weights + i) *
                 (load(score + k * padded + i) - (2 / bandwidth) * (load(u + k * padded + i) - own));
      s.direction[j * s.direction_row + k] = scale * sum(total);
    }
  }
}

}  // namespace MOTET_KERNELS
}  // namespace motet
