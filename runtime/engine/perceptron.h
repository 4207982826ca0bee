#pragma once

// Multilayer perceptrons with ReLU: layers one behind the other, their passes derived by hand.

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/engine/dense.h"

namespace motet {

// Widths from input to output: {17, 256, 256, 12}.
using MlpSizes = std::vector<std::int64_t>;

MlpSizes mlp_sizes(std::int64_t input, std::span<const std::int64_t> hidden, std::int64_t output);

// Parameters of such a network: W [in, out] and b [out] of each layer in turn.
std::int64_t mlp_parameters(const MlpSizes& sizes);

// What passes through a network for one batch, kept for the way back. Made once.
struct Tape {
  // `gradients`: whether there is a way back.
  Tape(const MlpSizes& sizes, long rows, bool gradients);

  Matrix& input() { return values.front(); }
  Matrix& output() { return values.back(); }
  Matrix& output_gradient() { return gradients.back(); }

  std::vector<Matrix> values;     // of the input, each hidden layer, the output: [B, sizes[i]]
  std::vector<Matrix> gradients;  // dJ/d of each hidden layer before its relu, and of the output
};

// A piece of a network's parameters: rows of one layer's [in + 1, out], which lie side by side.
struct ParameterPart {
  std::size_t layer;
  Rows inputs;
  std::size_t offset, size;  // in the network's parameters
};

class Perceptron {
 public:
  // `parameters` [mlp_parameters(sizes)] outlive the network, with the kernels' slack behind them.
  Perceptron(const MlpSizes& sizes, std::span<const float> parameters, bool differentiable);

  // From tape.input() to tape.output(), for these rows. Different rows may be computed by different
  // threads at once.
  void forward(Tape& tape, Rows rows) const;
  // From tape.output_gradient() to that of every hidden layer.
  void backward(Tape& tape, Rows rows) const;
  // After backward(): columns [first, first + gradient.columns()) of dJ/d input.
  void input_gradient(const Tape& tape, long first, Matrix& gradient, Rows rows) const;
  // After backward() of all rows: one part of dJ/d parameters. `gradient` is the whole network's.
  void parameter_gradient(const Tape& tape, const ParameterPart& part, std::span<float> gradient) const;

  // All parameters, in parts of about `size` each, for threads to share.
  std::vector<ParameterPart> parts(std::size_t size) const;
  // backward() is to see changed parameters.
  void refresh(const ParameterPart& part) { layers_[part.layer].refresh(part.inputs); }
  void refresh();

 private:
  std::vector<Dense> layers_;
  std::vector<std::size_t> offsets_;
};

}  // namespace motet
