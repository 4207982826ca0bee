// libFuzzer: no input crashes the checker, and what it accepts can be lowered.
//   cmake -B build/fuzz -DMOTET_FUZZ=ON -DMOTET_SANITIZE=address,undefined -DCMAKE_CXX_COMPILER=clang++
//   build/fuzz/tests/motet_fuzz_check -dict=tests/robustness/parse.dict new_folder
//   tests/robustness/corpus/check

#include <cstdio>
#include <cstdlib>

#include "check_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string broken =
      motet::testing::broken_check_property({reinterpret_cast<const char*>(data), size});
  if (!broken.empty()) {
    std::fprintf(stderr, "%s\n", broken.c_str());
    std::abort();
  }
  return 0;
}
