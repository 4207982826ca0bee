#include "runtime/bundle/protobuf.h"

namespace motet {
namespace {

constexpr std::uint64_t varint_type = 0, length_type = 2;

std::uint64_t key(std::uint32_t field, std::uint64_t type) {
  return std::uint64_t{field} << 3 | type;
}

}  // namespace

void ProtobufMessage::number(std::uint32_t field, std::int64_t value) {
  varint(key(field, varint_type));
  varint(static_cast<std::uint64_t>(value));
}

void ProtobufMessage::text(std::uint32_t field, std::string_view value) {
  varint(key(field, length_type));
  varint(value.size());
  bytes_ += value;
}

// Seven bits a byte, the lowest first; the eighth says that more follow.
void ProtobufMessage::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
  bytes_ += static_cast<char>(value);
}

}  // namespace motet
