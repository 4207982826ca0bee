#include "runtime/simulation/dynamic_library.h"

#include <dlfcn.h>

#include <utility>

namespace motet {

DynamicLibrary::DynamicLibrary(const char* name, Scope scope)
    : handle_(dlopen(name, RTLD_NOW | (scope == Scope::process ? RTLD_GLOBAL : RTLD_LOCAL))) {}

DynamicLibrary::~DynamicLibrary() {
  if (handle_ != nullptr) dlclose(handle_);
}

DynamicLibrary::DynamicLibrary(DynamicLibrary&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)) {}

DynamicLibrary& DynamicLibrary::operator=(DynamicLibrary&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

void* DynamicLibrary::symbol(const char* name) const {
  return handle_ == nullptr ? nullptr : dlsym(handle_, name);
}

}  // namespace motet
