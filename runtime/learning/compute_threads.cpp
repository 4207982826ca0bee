#include "runtime/learning/compute_threads.h"

#include <dlfcn.h>
#include <torch/torch.h>

namespace motet {

void set_compute_threads(int threads) {
  void* const symbol = ::dlsym(RTLD_DEFAULT, "openblas_set_num_threads");
  if (symbol != nullptr) reinterpret_cast<void (*)(int)>(symbol)(threads);
  at::set_num_threads(symbol != nullptr ? 1 : threads);
}

}  // namespace motet
