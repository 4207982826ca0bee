#include "runtime/engine/matrix.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "runtime/kernels/kernels.h"

namespace motet {
namespace {

constexpr long line = 16;  // floats of a cache line

// Whole cache lines, an odd number of them: rows at a power of two would share few places in a cache.
long stride_for(long columns) {
  const long lines = (columns + 1 + line - 1) / line;
  return (lines | 1) * line;
}

}  // namespace

void AlignedFloats::Free::operator()(float* memory) const {
  std::free(memory);
}

AlignedFloats::AlignedFloats(std::size_t size) : size_(size) {
  const std::size_t whole = (size + overread + line - 1) / line * line;
  memory_.reset(static_cast<float*>(std::aligned_alloc(line * sizeof(float), whole * sizeof(float))));
  if (memory_ == nullptr) throw std::bad_alloc();
  std::fill_n(memory_.get(), whole, 0.0f);
}

Matrix::Matrix(long rows, long columns)
    : rows_(rows),
      columns_(columns),
      stride_(stride_for(columns)),
      memory_(static_cast<std::size_t>(rows * stride_)) {
  for (long i = 0; i < rows; ++i) row(i)[columns] = 1;
}

}  // namespace motet
