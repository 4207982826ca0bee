#include "runtime/kernels/kernels.h"

#include <array>

namespace motet {

extern const Kernels kernels_generic;
#ifdef MOTET_KERNELS_X86
extern const Kernels kernels_avx2, kernels_avx512;
#endif

namespace {

struct Available {
  std::array<const Kernels*, 3> kernels{};
  int count = 0;

  Available() {
#ifdef MOTET_KERNELS_X86
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (avx512) add(kernels_avx512);
    if (avx2) add(kernels_avx2);
#endif
    add(kernels_generic);
  }
  void add(const Kernels& some) {
    kernels[static_cast<unsigned>(count++)] = &some;
  }
};

const Available& available() {
  static const Available found;
  return found;
}

}  // namespace

const Kernels& kernels() {
  return *available().kernels[0];
}

const Kernels* const* all_kernels(int& count) {
  count = available().count;
  return available().kernels.data();
}

}  // namespace motet
