#include "runtime/engine/dense.h"

#include <algorithm>

#include "runtime/kernels/kernels.h"

namespace motet {

Dense::Dense(const DenseShape& shape, std::span<const float> parameters, bool differentiable)
    : shape_(shape),
      parameters_(parameters),
      transpose_(differentiable ? shape.out : 0, differentiable ? shape.in : 0) {
  refresh({0, shape.in});
}

void Dense::forward(const Matrix& x, Matrix& y, Rows rows) const {
  if (shape_.out == 1 && !shape_.relu) {
    // A product with one column is a row of dot products; the results lie apart.
    float results[64];
    for (long i = rows.first; i < rows.last; i += 64) {
      const long count = std::min<long>(64, rows.last - i);
      kernels().rows_dot(count, shape_.in + 1, x.row(i), x.stride(), parameters_.data(), results);
      for (long r = 0; r < count; ++r) y(i + r, 0) = results[r];
    }
    return;
  }
  kernels().product({.rows = rows.size(),
                     .columns = shape_.out,
                     .depth = shape_.in + 1,
                     .a = x.row(rows.first),
                     .a_row = x.stride(),
                     .a_depth = 1,
                     .b = parameters_.data(),
                     .b_row = shape_.out,
                     .c = y.row(rows.first),
                     .c_row = y.stride(),
                     .epilogue = shape_.relu ? Epilogue::relu : Epilogue::none});
}

void Dense::backward(const Matrix& y_gradient, const Matrix* gate, Matrix& x_gradient, Rows rows) const {
  kernels().product({.rows = rows.size(),
                     .columns = shape_.in,
                     .depth = shape_.out,
                     .a = y_gradient.row(rows.first),
                     .a_row = y_gradient.stride(),
                     .a_depth = 1,
                     .b = transpose_.row(0),
                     .b_row = transpose_.stride(),
                     .c = x_gradient.row(rows.first),
                     .c_row = x_gradient.stride(),
                     .epilogue = gate != nullptr ? Epilogue::gate : Epilogue::none,
                     .gate = gate != nullptr ? gate->row(rows.first) : nullptr,
                     .gate_row = gate != nullptr ? gate->stride() : 0});
}

void Dense::backward_columns(const Matrix& y_gradient, long first, Matrix& x_gradient, Rows rows) const {
  kernels().product({.rows = rows.size(),
                     .columns = x_gradient.columns(),
                     .depth = shape_.out,
                     .a = y_gradient.row(rows.first),
                     .a_row = y_gradient.stride(),
                     .a_depth = 1,
                     .b = transpose_.row(0) + first,
                     .b_row = transpose_.stride(),
                     .c = x_gradient.row(rows.first),
                     .c_row = x_gradient.stride()});
}

void Dense::parameter_gradient(const Matrix& x, const Matrix& y_gradient, Rows inputs,
                               std::span<float> gradient) const {
  float* out = gradient.data() + inputs.first * shape_.out;
  if (shape_.out == 1) {
    // The same sums with the two factors exchanged, which makes them one row, not one column.
    kernels().product({.rows = 1,
                       .columns = inputs.size(),
                       .depth = x.rows(),
                       .a = y_gradient.row(0),
                       .a_row = 0,
                       .a_depth = y_gradient.stride(),
                       .b = x.row(0) + inputs.first,
                       .b_row = x.stride(),
                       .c = out,
                       .c_row = inputs.size()});
    return;
  }
  kernels().product({.rows = inputs.size(),
                     .columns = shape_.out,
                     .depth = x.rows(),
                     .a = x.row(0) + inputs.first,
                     .a_row = 1,
                     .a_depth = x.stride(),
                     .b = y_gradient.row(0),
                     .b_row = y_gradient.stride(),
                     .c = out,
                     .c_row = shape_.out});
}

void Dense::refresh(Rows inputs) {
  const Rows weights{inputs.first, std::min(inputs.last, shape_.in)};  // the bias is not of the transpose
  if (transpose_.rows() == 0 || weights.size() <= 0) return;
  kernels().transpose(weights.size(), shape_.out, parameters_.data() + weights.first * shape_.out, shape_.out,
                      transpose_.row(0) + weights.first, transpose_.stride());
}

}  // namespace motet
