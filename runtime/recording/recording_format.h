#pragma once

// The file, numbers in little endian:
//
//   header   "motetrec", u32 version, u32 size of the text, the text
//   u32      CRC-32C of all before
//   blocks   u32 magic, u32 frames, the frames' doubles, u32 CRC-32C of frames and doubles
//
// The text is TOML up to a line that says that the contract follows, which is there as it is.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace motet::recording_format {

static_assert(std::endian::native == std::endian::little, "recordings are written as memory holds them");

inline constexpr std::array<char, 8> magic = {'m', 'o', 't', 'e', 't', 'r', 'e', 'c'};
inline constexpr std::uint32_t version = 1;
inline constexpr std::uint32_t block_magic = 0x4b4c424d;  // "MBLK"
inline constexpr std::size_t most_text = std::size_t{64} << 20, most_columns = 100'000;
inline constexpr std::string_view contract_line = "\n--- contract ---\n";

struct Head {
  std::array<char, 8> magic;
  std::uint32_t version, text_size;
};
static_assert(sizeof(Head) == 16 && std::has_unique_object_representations_v<Head>);

struct BlockHead {
  std::uint32_t magic, frames;
};
static_assert(sizeof(BlockHead) == sizeof(double));

template <typename T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span<const T>(&value, 1));
}

template <typename T>
std::span<std::byte> bytes_of(T& value) {
  return std::as_writable_bytes(std::span<T>(&value, 1));
}

}  // namespace motet::recording_format
