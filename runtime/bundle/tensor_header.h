#pragma once

// The JSON of a safetensors header: an object of objects, of which nothing else is read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

struct TensorEntry {
  std::string name, type;  // "F32"
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;  // bytes behind the header
};

// In the order of the text.
Result<std::vector<TensorEntry>> read_tensor_header(std::string_view json);
std::string json_quoted(std::string_view text);

}  // namespace motet
