#pragma once

// Products of matrices that fit a core's second cache, without a copy of either: a tile of C stays in
// registers while a column of A and a row of B pass by.

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/vector.h"

namespace motet {
namespace MOTET_KERNELS {

// Rows of a tile: with two vectors a row, what the registers hold beside one row of B.
#if defined(__AVX512F__)
inline constexpr int tile_rows = 14;
#elif defined(__aarch64__)
inline constexpr int tile_rows = 12;
#else
inline constexpr int tile_rows = 6;
#endif

// C[0:Rows, 0:columns], columns <= Vectors * width; equal where Whole.
template <int Rows, int Vectors, bool Whole, Epilogue After>
static void tile(const Product& p, const float* a, const float* b, float* c, const float* gate,
                 long columns) {
  Vector sums[Rows][Vectors];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v) sums[r][v] = Vector{};
  }
  const long a_row = p.a_row, a_depth = p.a_depth, b_row = p.b_row;
  for (long k = p.depth; k > 0; --k) {
    Vector row[Vectors];
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v) row[v] = load(b + v * width);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) {
      const Vector x = splat(a[r * a_row]);
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; ++v) sums[r][v] += x * row[v];
    }
    a += a_depth;
    b += b_row;
  }
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v) {
      const long left = Whole ? width : columns - v * width;
      if (left <= 0) continue;
      Vector y = sums[r][v];
      if (After == Epilogue::relu) y = where(y > Vector{}, y);
      if (After == Epilogue::gate) y = where(load(gate + r * p.gate_row + v * width) > Vector{}, y);
      if (Whole) {
        store(c + r * p.c_row + v * width, y);
      } else {
        store_some(c + r * p.c_row + v * width, y, left);
      }
    }
  }
}

// What is left of a row when its zeros are left out: behind a relu, about half of it. The sum of the others
// is the same to the bit.
struct SparseRow {
  static constexpr long most = 1024, least = 32;

  // False where the row is none of these, or too little is left out.
  bool fill(const Product& p) {
    if (p.rows != 1 || p.depth > most || p.depth < least) return false;
    count = 0;
    for (long k = 0; k < p.depth; ++k) {
      const float value = p.a[k * p.a_depth];
      values[count] = value;
      offsets[count] = k * p.b_row;
      count += value != 0;
    }
    return 4 * count < 3 * p.depth;
  }

  long count;
  float values[most];
  long offsets[most];  // of their rows of B
};

// As tile, of such a row.
template <int Vectors, Epilogue After>
static void sparse_tile(const SparseRow& row, const Product& p, long j) {
  Vector sums[Vectors];
#pragma GCC unroll 16
  for (int v = 0; v < Vectors; ++v) sums[v] = Vector{};
  for (long i = 0; i < row.count; ++i) {
    const Vector x = splat(row.values[i]);
    const float* b = p.b + j + row.offsets[i];
#pragma GCC unroll 16
    for (int v = 0; v < Vectors; ++v) sums[v] += x * load(b + v * width);
  }
#pragma GCC unroll 16
  for (int v = 0; v < Vectors; ++v) {
    const long at = j + v * width;
    if (at >= p.columns) continue;
    Vector y = sums[v];
    if (After == Epilogue::relu) y = where(y > Vector{}, y);
    if (After == Epilogue::gate) y = where(load(p.gate + at) > Vector{}, y);
    store_some(p.c + at, y, p.columns - at);
  }
}

// In tiles as wide as the registers allow, which read no further past the row than two vectors would.
template <Epilogue After>
static void sparse_product(const SparseRow& row, const Product& p) {
  long j = 0;
#if defined(__AVX512F__) || defined(__aarch64__)
  for (; p.columns - j > 14 * width; j += 16 * width) sparse_tile<16, After>(row, p, j);
#endif
  for (; p.columns - j > 6 * width; j += 8 * width) sparse_tile<8, After>(row, p, j);
  for (; p.columns - j > 2 * width; j += 4 * width) sparse_tile<4, After>(row, p, j);
  for (; p.columns - j > 0; j += 2 * width) sparse_tile<2, After>(row, p, j);
}

using Tile = void (*)(const Product&, const float*, const float*, float*, const float*, long);

template <int Vectors, bool Whole, Epilogue After>
struct Tiles {
  static constexpr Tile of[] = {
      nullptr,
      tile<1, Vectors, Whole, After>,
      tile<2, Vectors, Whole, After>,
      tile<3, Vectors, Whole, After>,
      tile<4, Vectors, Whole, After>,
      tile<5, Vectors, Whole, After>,
      tile<6, Vectors, Whole, After>,
#if !defined(__AVX__) && !defined(__aarch64__)
#elif defined(__AVX512F__) || defined(__aarch64__)
      tile<7, Vectors, Whole, After>,
      tile<8, Vectors, Whole, After>,
      tile<9, Vectors, Whole, After>,
      tile<10, Vectors, Whole, After>,
      tile<11, Vectors, Whole, After>,
      tile<12, Vectors, Whole, After>,
#if defined(__AVX512F__)
      tile<13, Vectors, Whole, After>,
      tile<14, Vectors, Whole, After>,
#endif
#endif
  };
};

// Column by column of tiles: what a column of tiles reads of B stays in the first cache.
template <Epilogue After>
static void product_with(const Product& p) {
  const bool single = p.rows == 1;  // one row alone would wait for each of its few sums
  const long step = single ? 8 * width : 2 * width;
  if (SparseRow row; p.columns >= 8 * width && row.fill(p)) return sparse_product<After>(row, p);
  const long blocks = (p.rows + tile_rows - 1) / tile_rows;  // of rows, all about as high
  for (long j = 0; j < p.columns; j += step) {
    const long columns = p.columns - j < step ? p.columns - j : step;
    const float* gate = After == Epilogue::gate ? p.gate + j : nullptr;
    if (single && columns > 2 * width) {
      // Reads no further past the row than two vectors would.
      if (columns > 6 * width) {
        tile<1, 8, false, After>(p, p.a, p.b + j, p.c + j, gate, columns);
      } else if (columns > 4 * width) {
        tile<1, 6, false, After>(p, p.a, p.b + j, p.c + j, gate, columns);
      } else {
        tile<1, 4, false, After>(p, p.a, p.b + j, p.c + j, gate, columns);
      }
      continue;
    }
    const Tile* tiles = columns == 2 * width ? Tiles<2, true, After>::of
                        : columns > width    ? Tiles<2, false, After>::of
                                             : Tiles<1, false, After>::of;
    for (long block = 0; block < blocks; ++block) {
      const long first = p.rows * block / blocks, last = p.rows * (block + 1) / blocks;
      tiles[last - first](p, p.a + first * p.a_row, p.b + j, p.c + first * p.c_row + j,
                          After == Epilogue::gate ? gate + first * p.gate_row : nullptr, columns);
    }
  }
}

static void product(const Product& p) {
  switch (p.epilogue) {
    case Epilogue::none:
      return product_with<Epilogue::none>(p);
    case Epilogue::relu:
      return product_with<Epilogue::relu>(p);
    case Epilogue::gate:
      return product_with<Epilogue::gate>(p);
  }
}

static void rows_dot(long rows, long depth, const float* a, long a_row, const float* x, float* y) {
  for (long i = 0; i < rows; ++i, a += a_row) {
    Vector first{}, second{};
    long k = 0;
    for (; k + 2 * width <= depth; k += 2 * width) {
      first += load(a + k) * load(x + k);
      second += load(a + k + width) * load(x + k + width);
    }
    float rest = 0;
    for (; k < depth; ++k) rest += a[k] * x[k];
    y[i] = sum(first + second) + rest;
  }
}

}  // namespace MOTET_KERNELS
}  // namespace motet
