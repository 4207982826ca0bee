#pragma once

// Transposes, a square of vectors at a time.

#include <utility>

#include "runtime/kernels/vector.h"

namespace motet {
namespace MOTET_KERNELS {

// One of Eklundh's steps: of two rows that lie `Step` apart, swaps the off-diagonal lanes.
template <int Step, int... Lane>
MOTET_INLINE void swap_lanes(Vector& upper, Vector& lower, std::integer_sequence<int, Lane...>) {
  const Vector a = upper, b = lower;
  upper = __builtin_shufflevector(a, b, ((Lane & Step) != 0 ? Lane - Step + width : Lane)...);
  lower = __builtin_shufflevector(a, b, ((Lane & Step) != 0 ? Lane + width : Lane + Step)...);
}

template <int Step>
MOTET_INLINE void transpose_square(Vector (&rows)[width]) {
  if constexpr (Step > 0) {
#pragma GCC unroll 16
    for (int i = 0; i < width; ++i) {
      if ((i & Step) == 0)
        swap_lanes<Step>(rows[i], rows[i + Step], std::make_integer_sequence<int, width>{});
    }
    transpose_square<Step / 2>(rows);
  }
}

static void transpose(long rows, long columns, const float* from, long from_row, float* to, long to_row) {
  const long whole_rows = rows - rows % width, whole_columns = columns - columns % width;
  for (long i = 0; i < whole_rows; i += width) {
    for (long j = 0; j < whole_columns; j += width) {
      Vector square[width];
#pragma GCC unroll 16
      for (int r = 0; r < width; ++r) square[r] = load(from + (i + r) * from_row + j);
      transpose_square<width / 2>(square);
#pragma GCC unroll 16
      for (int r = 0; r < width; ++r) store(to + (j + r) * to_row + i, square[r]);
    }
    for (long r = i; r < i + width; ++r) {
      for (long j = whole_columns; j < columns; ++j) to[j * to_row + r] = from[r * from_row + j];
    }
  }
  for (long r = whole_rows; r < rows; ++r) {
    for (long j = 0; j < columns; ++j) to[j * to_row + r] = from[r * from_row + j];
  }
}

}  // namespace MOTET_KERNELS
}  // namespace motet
