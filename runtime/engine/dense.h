#pragma once

// One layer of a network: y = f(x W + b), with f the identity or relu.

#include <span>

#include "runtime/engine/matrix.h"

namespace motet {

// Its parameters are W [in, out] and then b [out], which together are one matrix [in + 1, out]: every
// input has a one behind its last column.
struct DenseShape {
  long in, out;
  bool relu;
  long size() const { return (in + 1) * out; }
};

class Dense {
 public:
  // `parameters` outlive the layer, with the kernels' slack behind them. A layer that is not to be
  // differentiated by its input needs no transpose.
  Dense(const DenseShape& shape, std::span<const float> parameters, bool differentiable);

  const DenseShape& shape() const { return shape_; }

  // y = f(x W + b), for these rows. x [B, in], y [B, out].
  void forward(const Matrix& x, Matrix& y, Rows rows) const;
  // dJ/dx = dJ/dy W^T, and 0 where `gate` [B, in], the relu that x came from, is not positive.
  void backward(const Matrix& y_gradient, const Matrix* gate, Matrix& x_gradient, Rows rows) const;
  // Columns [first, first + x_gradient.columns()) of dJ/dx.
  void backward_columns(const Matrix& y_gradient, long first, Matrix& x_gradient, Rows rows) const;
  // Rows [inputs.first, inputs.last) of dJ/d[W; b] = [x 1]^T dJ/dy, summed over all rows of the batch.
  // `gradient` is the whole layer's.
  void parameter_gradient(const Matrix& x, const Matrix& y_gradient, Rows inputs,
                          std::span<float> gradient) const;

  // backward() uses a transpose of W: call this after its rows [inputs.first, inputs.last) changed.
  void refresh(Rows inputs);

 private:
  DenseShape shape_;
  std::span<const float> parameters_;
  Matrix transpose_;  // [out, in]; empty where not differentiable
};

}  // namespace motet
