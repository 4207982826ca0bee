#pragma once

// CRC-32C (Castagnoli; RFC 3720, appendix B.4): finds every burst of errors up to 32 bits.

#include <cstddef>
#include <cstdint>
#include <span>

namespace motet {

// Of the bytes that gave `before`, followed by these.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace motet
