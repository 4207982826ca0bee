#include <cstdint>

#include "xml_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  motet::try_xml({reinterpret_cast<const char*>(data), size});
  return 0;
}
