#pragma once

// Messages of Protocol Buffers as bytes, written field by field; what reads them knows the fields by number.

#include <cstdint>
#include <string>
#include <string_view>

namespace motet {

class ProtobufMessage {
 public:
  // An int32, int64 or enumeration; none is negative.
  void number(std::uint32_t field, std::int64_t value);
  // A string or bytes.
  void text(std::uint32_t field, std::string_view value);
  // A message inside this one.
  void message(std::uint32_t field, const ProtobufMessage& value) { text(field, value.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value);

  std::string bytes_;
};

}  // namespace motet
