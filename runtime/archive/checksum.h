#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace motet {

// CRC-32C (Castagnoli), the checksum of archives and of TensorBoard's records.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace motet
