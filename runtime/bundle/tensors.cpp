#include "runtime/bundle/tensors.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/bundle/tensor_header.h"

namespace motet {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr std::size_t length_size = sizeof(std::uint64_t);
constexpr std::uint64_t header_limit = 100'000'000;

// Bytes of a tensor of this shape, if it is one that memory could hold.
bool is_size_of(const TensorEntry& entry, std::uint64_t most) {
  std::uint64_t size = sizeof(float);
  for (const std::int64_t side : entry.shape) {
    if (side != 0 && size > most / static_cast<std::uint64_t>(side)) return false;
    size *= static_cast<std::uint64_t>(side);
  }
  return entry.end >= entry.begin && entry.end - entry.begin == size;
}

}  // namespace

std::string to_safetensors(const std::vector<Tensor>& tensors) {
  std::string header = "{";
  std::uint64_t at = 0;
  for (const Tensor& tensor : tensors) {
    const std::uint64_t end = at + tensor.values.size() * sizeof(float);
    header += (header.size() > 1 ? "," : "") + json_quoted(tensor.name) + ":{\"dtype\":\"F32\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i)
      header += (i > 0 ? "," : "") + std::to_string(tensor.shape[i]);
    header += "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(end) + "]}";
    at = end;
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');  // so that the numbers lie as they should in memory
  const std::uint64_t length = header.size();
  std::string bytes(length_size, '\0');
  std::memcpy(bytes.data(), &length, length_size);
  bytes += header;
  for (const Tensor& tensor : tensors)
    bytes.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
  return bytes;
}

Result<std::vector<Tensor>> from_safetensors(std::string_view bytes) {
  if (bytes.size() < length_size) return Error{"is truncated"};
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), length_size);
  if (length > header_limit || length > bytes.size() - length_size)
    return Error{"is truncated, or is no safetensors"};
  const auto entries = read_tensor_header(bytes.substr(length_size, static_cast<std::size_t>(length)));
  if (!entries) return entries.error();
  const std::string_view data = bytes.substr(length_size + static_cast<std::size_t>(length));
  std::vector<TensorEntry> sorted = *entries;
  std::sort(sorted.begin(), sorted.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t at = 0;
  for (const TensorEntry& entry : sorted) {
    if (entry.type != "F32")
      return Error{"has the tensor `" + entry.name + "` of " + entry.type + ", not of F32"};
    if (entry.begin != at || entry.end > data.size() || !is_size_of(entry, data.size()))
      return Error{"has the tensor `" + entry.name + "`, whose bytes are not where they should be"};
    at = entry.end;
  }
  if (at != data.size()) return Error{"has " + std::to_string(data.size() - at) + " bytes of no tensor"};
  std::vector<Tensor> tensors;
  for (const TensorEntry& entry : *entries) {
    Tensor tensor{entry.name, entry.shape, std::vector<float>((entry.end - entry.begin) / sizeof(float))};
    std::memcpy(tensor.values.data(), data.data() + entry.begin, tensor.values.size() * sizeof(float));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace motet
