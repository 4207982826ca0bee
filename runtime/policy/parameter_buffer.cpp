#include "runtime/policy/parameter_buffer.h"

#include <functional>
#include <numeric>

namespace motet {

ParameterBuffer::ParameterBuffer(std::span<const Shape> shapes, torch::ScalarType type) {
  const auto count = [](const Shape& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  };
  std::int64_t size = 0;
  for (const Shape& shape : shapes) size += count(shape);
  values_ = torch::zeros({size}, type);
  gradient_ = torch::zeros({size}, type);
  std::int64_t offset = 0;
  for (const Shape& shape : shapes) {
    const torch::Tensor view = values_.narrow(0, offset, count(shape)).view(shape);
    frozen_.push_back(view.detach());
    parameters_.push_back(view.detach().requires_grad_(true));
    parameters_.back().mutable_grad() = gradient_.narrow(0, offset, count(shape)).view(shape);
    offset += count(shape);
  }
}

bool ParameterBuffer::finite() const {
  // A sum is infinite or NaN as soon as one of its terms is.
  return std::isfinite(values_.abs().sum(torch::kDouble).item<double>());
}

void ParameterBuffer::save(Archive& archive, const std::string& name) const {
  archive.put<float>(name, flat<float>(values_));
}

Status ParameterBuffer::restore(const Archive& archive, const std::string& name) {
  return archive.get<float>(name, flat<float>(values_));
}

}  // namespace motet
