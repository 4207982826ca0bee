#include "runtime/engine/perceptron.h"

#include <algorithm>

namespace motet {

MlpSizes mlp_sizes(std::int64_t input, std::span<const std::int64_t> hidden, std::int64_t output) {
  MlpSizes sizes{input};
  sizes.insert(sizes.end(), hidden.begin(), hidden.end());
  sizes.push_back(output);
  return sizes;
}

std::int64_t mlp_parameters(const MlpSizes& sizes) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) count += (sizes[i] + 1) * sizes[i + 1];
  return count;
}

Tape::Tape(const MlpSizes& sizes, long rows, bool backward) {
  values.reserve(sizes.size());
  for (const std::int64_t size : sizes) values.emplace_back(rows, size);
  if (!backward) return;
  gradients.reserve(sizes.size() - 1);
  for (std::size_t i = 1; i < sizes.size(); ++i) gradients.emplace_back(rows, sizes[i]);
}

Perceptron::Perceptron(const MlpSizes& sizes, std::span<const float> parameters, bool differentiable) {
  layers_.reserve(sizes.size() - 1);
  std::size_t offset = 0;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    const DenseShape shape{sizes[i], sizes[i + 1], i + 2 < sizes.size()};
    const auto size = static_cast<std::size_t>(shape.size());
    layers_.emplace_back(shape, parameters.subspan(offset, size), differentiable);
    offsets_.push_back(offset);
    offset += size;
  }
}

void Perceptron::forward(Tape& tape, Rows rows) const {
  for (std::size_t i = 0; i < layers_.size(); ++i)
    layers_[i].forward(tape.values[i], tape.values[i + 1], rows);
}

void Perceptron::backward(Tape& tape, Rows rows) const {
  for (std::size_t i = layers_.size() - 1; i > 0; --i)
    layers_[i].backward(tape.gradients[i], &tape.values[i], tape.gradients[i - 1], rows);
}

void Perceptron::input_gradient(const Tape& tape, long first, Matrix& gradient, Rows rows) const {
  layers_.front().backward_columns(tape.gradients.front(), first, gradient, rows);
}

void Perceptron::parameter_gradient(const Tape& tape, const ParameterPart& part,
                                    std::span<float> gradient) const {
  const Dense& layer = layers_[part.layer];
  layer.parameter_gradient(
      tape.values[part.layer], tape.gradients[part.layer], part.inputs,
      gradient.subspan(offsets_[part.layer], static_cast<std::size_t>(layer.shape().size())));
}

std::vector<ParameterPart> Perceptron::parts(std::size_t size) const {
  std::vector<ParameterPart> parts;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const DenseShape& shape = layers_[i].shape();
    const long rows = shape.in + 1;
    const long count = std::clamp(shape.size() / static_cast<long>(size), 1L, rows);
    for (long part = 0; part < count; ++part) {
      const Rows inputs{rows * part / count, rows * (part + 1) / count};
      parts.push_back({i, inputs, offsets_[i] + static_cast<std::size_t>(inputs.first * shape.out),
                       static_cast<std::size_t>(inputs.size() * shape.out)});
    }
  }
  return parts;
}

void Perceptron::refresh() {
  for (Dense& layer : layers_) layer.refresh({0, layer.shape().in});
}

}  // namespace motet
