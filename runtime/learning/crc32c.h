#pragma once

// CRC-32C (Castagnoli), the checksum of TensorBoard's files and of ours.

#include <cstddef>
#include <cstdint>
#include <span>

namespace motet {

// Of `bytes` after what `before` is the checksum of.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace motet
