// libFuzzer: no input crashes the parser, and what parses survives formatting.
//   motet_fuzz_parse -dict=tests/robustness/parse.dict new_folder tests/robustness/corpus/parse

#include <cstdio>
#include <cstdlib>

#include "parse_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string broken =
      motet::testing::broken_parse_property({reinterpret_cast<const char*>(data), size});
  if (!broken.empty()) {
    std::fprintf(stderr, "%s\n", broken.c_str());
    std::abort();
  }
  return 0;
}
