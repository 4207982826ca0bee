#pragma once

// SHA-256 (FIPS 180-4), for the hashes by which a plan's slices and model files are compared.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace motet {

// The digest of what update() was given, in pieces of any size.
class Sha256 {
 public:
  void update(std::string_view bytes);
  // The digest of everything so far, 64 lower-case hex digits. More may follow.
  std::string hex() const;

 private:
  static constexpr std::size_t block_size = 64;

  void compress(const unsigned char* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, block_size> pending_{};
  std::uint64_t length_ = 0;  // bytes; length_ % block_size of them are pending
};

std::string sha256_hex(std::string_view bytes);

}  // namespace motet
