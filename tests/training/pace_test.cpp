// How fast a training goes, as it is shown.

#include "runtime/learning/pace.h"

#include <gtest/gtest.h>

#include <thread>

namespace motet {
namespace {

TEST(Pace, LeavesOutWhatIsNoTraining) {
  Pace pace;
  ASSERT_TRUE(pace.mark(0));
  EXPECT_FALSE(pace.mark(1));
  EXPECT_EQ(pace.overall(), 0);
  const double began = pace.seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  pace.leave_out(pace.seconds() - began - 0.3);
  ASSERT_TRUE(pace.mark(300));
  // 300 steps in 0.3 s of 0.6, or of a bit more where the machine is busy.
  EXPECT_GT(pace.steps_per_second(), 1.3 * pace.overall());
  EXPECT_LT(pace.steps_per_second(), 1001);
  EXPECT_LT(pace.overall(), 501);
}

}  // namespace
}  // namespace motet
