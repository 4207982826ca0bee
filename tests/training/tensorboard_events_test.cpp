#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "runtime/archive/crc32c.h"
#include "runtime/learning/tensorboard.h"

namespace motet {
namespace {

std::uint32_t checksum(const std::string& text) {
  return crc32c(std::as_bytes(std::span(text)));
}

TEST(TensorboardEvents, ChecksumsArePublishedOnes) {
  EXPECT_EQ(checksum("123456789"), 0xe3069283u);            // RFC 3720's check value
  EXPECT_EQ(checksum(std::string(32, '\0')), 0x8a9136aau);  // its examples
  EXPECT_EQ(checksum(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(checksum(""), 0u);
  const std::string whole = "a checksum goes on where it stopped";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto bytes = std::as_bytes(std::span(whole));
    EXPECT_EQ(crc32c(bytes.subspan(cut), crc32c(bytes.first(cut))), checksum(whole));
  }
}

template <typename T>
T number_at(const std::string& bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint32_t masked(const std::string& bytes) {
  return std::rotr(checksum(bytes), 15) + 0xa282ead8u;
}

// The data of one record, its frame checked.
std::string unframe(const std::string& record) {
  const auto size = number_at<std::uint64_t>(record, 0);
  EXPECT_EQ(record.size(), size + 16);
  EXPECT_EQ(number_at<std::uint32_t>(record, 8), masked(record.substr(0, 8)));
  const std::string data = record.substr(12, size);
  EXPECT_EQ(number_at<std::uint32_t>(record, 12 + size), masked(data));
  return data;
}

TEST(TensorboardEvents, TheFirstRecordNamesTheVersion) {
  const std::string data = unframe(version_record(2.0));
  EXPECT_EQ(data, std::string("\x09\0\0\0\0\0\0\0\x40\x10\x00\x1a\x0d", 13) + "brain.Event:2");
}

TEST(TensorboardEvents, Scalars) {
  const std::vector<Metric> metrics = {{"a", 1.0}, {"skipped", NAN}, {"b/c", -2.0}};
  const std::string data = unframe(scalars_record(300, 2.0, metrics));
  const std::string expected = std::string("\x09\0\0\0\0\0\0\0\x40", 9)  // wall_time: 2.0
                               + std::string("\x10\xac\x02", 3)          // step: 300
                               + std::string("\x2a\x16", 2)              // summary, 22 bytes
                               + std::string(
                                     "\x0a\x08\x0a\x01"
                                     "a\x15\0\0\x80\x3f",
                                     10) +
                               std::string(
                                   "\x0a\x0a\x0a\x03"
                                   "b/c\x15\0\0\0\xc0",
                                   12);
  EXPECT_EQ(data, expected);
}

}  // namespace
}  // namespace motet
