// A regression to half the speed fails. Everything compared is measured in turns, so that a busy machine
// slows both sides alike.

#include <gtest/gtest.h>

#include "runtime/learning/benchmark.h"

#if !defined(__OPTIMIZE__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MOTET_NOT_FOR_SPEED
#endif

namespace motet {
namespace {

TEST(Speed, UpdatesStayNearWhatTheirProductsAllow) {
#ifdef MOTET_NOT_FOR_SPEED
  GTEST_SKIP() << "this build is not for speed";
#endif
  // Measured: 0.95, 0.87 and 0.82.
  for (const UpdateShape& shape :
       {UpdateShape{17, 6, 256, 256}, UpdateShape{17, 6, 128, 128}, UpdateShape{3, 1, 64, 100}}) {
    const UpdateSpeed speed = measure_updates(shape, 1, 5, 0.05);
    EXPECT_GE(speed.part_of_bound(), 0.5) << shape.hidden << " units";
    // Measured: 1.5, 2.5 and 6.5.
    EXPECT_GE(speed.native.median / speed.torch.median, shape.hidden == 64 ? 3 : 1)
        << shape.hidden << " units";
  }
}

}  // namespace
}  // namespace motet
