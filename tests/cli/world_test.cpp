// Worlds of programs, by themselves, through the command line.

#include <gtest/gtest.h>

#include "process.h"

namespace motet::test {
namespace {

// Options of one number and of several: each as likely, and never anything else.
TEST(Worlds, AChoiceIsOneOfItsOptions) {
  const Folder folder;
  write_text(folder / "choose.motet", R"(robot dot {
  model   point(2)
  observe qpos
  act     motors
  control 1 Hz
}

world plane {
  robot   dot
  horizon 2 steps
  sample  pair = choice((100, 1), (200, 2))
  sample  single = choice(5, 6, 7)
  observe pair, single
  measure first = pair.x  at end
  measure apart = abs(pair.x - 100 * pair.y)  at end
  measure least = single  at min
  measure most = single  at max
}
)");
  const Outcome outcome =
      motet({"run", "choose.motet", "--policy", "zero", "--episodes", "400"}, folder.path());
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto statistic = [&](const std::string& measure) {
    const std::size_t at = outcome.out.find("measure " + measure);
    EXPECT_NE(at, std::string::npos) << outcome.out;
    double mean = 0, deviation = 0;
    std::sscanf(outcome.out.c_str() + at, "measure %*s %lf ± %lf", &mean, &deviation);
    return std::pair{mean, deviation};
  };
  EXPECT_NEAR(statistic("first").first, 150, 12.5);
  EXPECT_NEAR(statistic("first").second, 50, 3);
  EXPECT_EQ(statistic("apart").first, 0);
  EXPECT_NEAR(statistic("least").first, 6, 0.2);
  EXPECT_NEAR(statistic("least").second, 0.816, 0.1);
}

}  // namespace
}  // namespace motet::test
