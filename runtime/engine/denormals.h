#pragma once

// Numbers below the normal ones cost hundreds of cycles each; Adam's moments decay into them.

#if defined(__SSE__)
#include <xmmintrin.h>
#elif defined(__aarch64__)
#include <cstdint>
#endif

namespace motet {

// While it lives, this thread takes denormal floats for zero.
class FlushDenormals {
 public:
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;
#if defined(__SSE__)
  FlushDenormals() : before_(_mm_getcsr()) {
    _mm_setcsr(before_ | flush_to_zero | denormals_are_zero);
  }
  ~FlushDenormals() {
    _mm_setcsr(before_);
  }

 private:
  static constexpr unsigned flush_to_zero = 0x8000, denormals_are_zero = 0x0040;
  unsigned before_;
#elif defined(__aarch64__)
  FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" ::"r"(before_ | flush_to_zero));
  }
  ~FlushDenormals() {
    asm volatile("msr fpcr, %0" ::"r"(before_));
  }

 private:
  static constexpr std::uint64_t flush_to_zero = std::uint64_t{1} << 24;
  std::uint64_t before_;
#else
  FlushDenormals() {}
#endif
};

}  // namespace motet
