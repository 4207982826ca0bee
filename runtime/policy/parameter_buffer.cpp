#include "runtime/policy/parameter_buffer.h"

#include <functional>
#include <numeric>

namespace motet {
namespace {

std::int64_t count(const ParameterBuffer::Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

torch::Tensor zeros(std::span<const ParameterBuffer::Shape> shapes, torch::ScalarType type) {
  std::int64_t size = 0;
  for (const ParameterBuffer::Shape& shape : shapes) size += count(shape);
  return torch::zeros({size}, type);
}

}  // namespace

ParameterBuffer::ParameterBuffer(std::span<const Shape> shapes, torch::ScalarType type)
    : ParameterBuffer(shapes, zeros(shapes, type), zeros(shapes, type)) {}

ParameterBuffer::ParameterBuffer(std::span<const Shape> shapes, torch::Tensor values, torch::Tensor gradient)
    : values_(std::move(values)), gradient_(std::move(gradient)) {
  std::int64_t offset = 0;
  for (const Shape& shape : shapes) {
    const torch::Tensor view = values_.narrow(0, offset, count(shape)).view(shape);
    frozen_.push_back(view.detach());
    parameters_.push_back(view.detach().requires_grad_(true));
    parameters_.back().mutable_grad() = gradient_.narrow(0, offset, count(shape)).view(shape);
    offset += count(shape);
  }
}

}  // namespace motet
