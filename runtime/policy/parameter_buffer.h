#pragma once

// A network's parameters: one contiguous buffer, and the tensors that are views of it.

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

namespace motet {

// Optimisers and target averages work on the flat buffers; forward passes on the views.
class ParameterBuffer {
 public:
  using Shape = std::vector<std::int64_t>;

  // All zero. `type`: torch::kFloat, or torch::kDouble to check gradients.
  ParameterBuffer(std::span<const Shape> shapes, torch::ScalarType type);
  // In memory that exists: values and gradient, of one size, type and device.
  ParameterBuffer(std::span<const Shape> shapes, torch::Tensor values, torch::Tensor gradient);
  ParameterBuffer(ParameterBuffer&&) = default;
  ParameterBuffer(const ParameterBuffer&) = delete;

  // One for each shape, in order. backward() adds their gradients into gradient().
  std::span<const torch::Tensor> parameters() const { return parameters_; }
  // The same memory, but constants to the gradient: a loss through them costs no parameter gradient.
  std::span<const torch::Tensor> frozen() const { return frozen_; }

  const torch::Tensor& values() const { return values_; }      // [size]
  const torch::Tensor& gradient() const { return gradient_; }  // [size]
  std::int64_t size() const { return values_.numel(); }
  void zero_gradient() { gradient_.zero_(); }

 private:
  torch::Tensor values_, gradient_;
  std::vector<torch::Tensor> parameters_, frozen_;
};

// A contiguous tensor as plain numbers.
template <typename T>
std::span<T> flat(const torch::Tensor& tensor) {
  return {tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace motet
