#pragma once

// Named tensors of floats, as safetensors: a header in JSON, then the numbers.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // in rows
};

std::string to_safetensors(const std::vector<Tensor>& tensors);

// Refuses what is truncated, has tensors of other types, twice, or that do not cover the bytes one after the
// other. What is said can stand behind the file's name. The bytes may come from strangers.
Result<std::vector<Tensor>> from_safetensors(std::string_view bytes);

}  // namespace motet
