#pragma once

// Memory for the kernels: aligned to cache lines, with the slack that they may read past the end.

#include <cstddef>
#include <memory>
#include <span>

namespace motet {

// Floats, all zero. Throws std::bad_alloc where memory is refused.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::size_t size);

  std::span<float> values() { return {memory_.get(), size_}; }
  std::span<const float> values() const { return {memory_.get(), size_}; }

 private:
  struct Free {
    void operator()(float* memory) const;
  };
  std::size_t size_;
  std::unique_ptr<float[], Free> memory_;
};

// A matrix in rows, with a column of ones behind its last one: a bias is then one more row of weights.
class Matrix {
 public:
  Matrix(long rows, long columns);

  long rows() const { return rows_; }
  long columns() const { return columns_; }
  long stride() const { return stride_; }
  float* row(long i) { return memory_.values().data() + i * stride_; }
  const float* row(long i) const { return memory_.values().data() + i * stride_; }
  float& operator()(long i, long j) { return row(i)[j]; }
  float operator()(long i, long j) const { return row(i)[j]; }

 private:
  long rows_, columns_, stride_;
  AlignedFloats memory_;
};

// Rows [first, last) of a batch.
struct Rows {
  long first, last;
  long size() const { return last - first; }
};

}  // namespace motet
