#pragma once

// How much memory is left, and how to say it.

#include <cstdint>
#include <string>

namespace motet {

// Bytes that can still be taken: what the kernel calls available, or what the control group leaves.
std::int64_t available_memory();

// "168 MB", "3.1 GB"; powers of ten.
std::string format_bytes(std::int64_t bytes);

}  // namespace motet
