#include "runtime/learning/tensorboard.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "runtime/archive/crc32c.h"

namespace motet {
namespace {

// --- protocol buffers -------------------------------------------------------------------------

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// The wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
void put_tag(std::string& out, unsigned field, unsigned type) {
  put_varint(out, field << 3 | type);
}

template <typename T>
void put_raw(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));  // little-endian, as every machine we build for
  out.append(bytes, sizeof(T));
}

void put_bytes(std::string& out, unsigned field, const std::string& bytes) {
  put_tag(out, field, 2);
  put_varint(out, bytes.size());
  out += bytes;
}

// Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
std::string event_head(std::int64_t step, double wall_time) {
  std::string event;
  put_tag(event, 1, 1);
  put_raw(event, wall_time);
  put_tag(event, 2, 0);
  put_varint(event, static_cast<std::uint64_t>(step));
  return event;
}

// --- TFRecord ---------------------------------------------------------------------------------

std::uint32_t masked_crc(const std::string& bytes) {
  return std::rotr(crc32c(std::as_bytes(std::span(bytes))), 15) + 0xa282ead8u;
}

// length [8], its checksum [4], the data, its checksum [4].
std::string record(const std::string& data) {
  std::string out;
  put_raw<std::uint64_t>(out, data.size());
  put_raw(out, masked_crc(out));
  out += data;
  put_raw(out, masked_crc(data));
  return out;
}

}  // namespace

std::string version_record(double wall_time) {
  std::string event = event_head(0, wall_time);
  put_bytes(event, 3, "brain.Event:2");
  return record(event);
}

std::string scalars_record(std::int64_t step, double wall_time, std::span<const Metric> scalars) {
  std::string summary;
  for (const Metric& scalar : scalars) {
    if (std::isnan(scalar.value)) continue;
    std::string value;  // Value { string tag = 1; float simple_value = 2; }
    put_bytes(value, 1, scalar.name);
    put_tag(value, 2, 5);
    put_raw(value, static_cast<float>(scalar.value));
    put_bytes(summary, 1, value);  // Summary { repeated Value value = 1; }
  }
  std::string event = event_head(step, wall_time);
  put_bytes(event, 5, summary);
  return record(event);
}

}  // namespace motet
