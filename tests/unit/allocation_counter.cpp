#include "allocation_counter.h"

#include <cstdlib>
#include <new>

namespace {

thread_local long count = 0;

}  // namespace

long allocations() {
  return count;
}

// Every new in this program is counted, in the thread that calls it. The sanitizers have their own.
#if MOTET_COUNTS_ALLOCATIONS
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif
