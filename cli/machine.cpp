#include "cli/machine.h"

#include <dlfcn.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace motet::cli {

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string text; std::getline(info, text);)
    if (text.starts_with("model name")) return text.substr(text.find(':') + 2);
  return "unknown";
}

int cores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                     : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

std::string blas_kernels() {
  using NameFunction = char* (*)();
  const auto core = reinterpret_cast<NameFunction>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  const auto config = reinterpret_cast<NameFunction>(dlsym(RTLD_DEFAULT, "openblas_get_config"));
  if (core == nullptr) return "not OpenBLAS";
  return std::string("OpenBLAS, kernels for ") + core() +
         (config != nullptr ? std::string(" (") + config() + ")" : "");
}

std::vector<std::string> blas_overrides() {
  std::vector<std::string> found;
  for (const char* variable : {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}) {
    if (const char* value = std::getenv(variable)) found.push_back(std::string(variable) + "=" + value);
  }
  return found;
}

}  // namespace motet::cli
