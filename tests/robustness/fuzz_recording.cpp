#include <cstdint>

#include "recording_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  motet::try_recording({reinterpret_cast<const char*>(data), size});
  return 0;
}
