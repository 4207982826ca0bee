#include "runtime/control/watch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/control/histogram.h"

namespace motet {
namespace {

TEST(Watch, HoldsThenDampsThenStops) {
  Watch watch({.hold_after = 0.04, .damp_after = 0.1, .stop_after = 0.5});
  EXPECT_EQ(watch.observe(0.039, true), SafetyState::running);
  EXPECT_EQ(watch.observe(0.041, true), SafetyState::holding);
  EXPECT_EQ(watch.observe(0.11, true), SafetyState::damping);
  EXPECT_EQ(watch.observe(0.01, true), SafetyState::running) << "it goes on when observations come again";
  EXPECT_EQ(watch.observe(0.51, true), SafetyState::stopped);
  EXPECT_EQ(watch.reason(), StopReason::stale_observation);
  EXPECT_EQ(watch.observe(0, true), SafetyState::stopped) << "for good";
}

TEST(Watch, SaysWhetherTheObservationsWereBad) {
  Watch watch({});
  watch.observe(1, false);
  EXPECT_EQ(watch.reason(), StopReason::bad_observation);
}

TEST(Watch, AnAgeThatIsNotANumberStops) {
  Watch watch({});
  EXPECT_EQ(watch.observe(std::nan(""), true), SafetyState::stopped);
}

TEST(Watch, StopsAfterTooManyMissedDeadlinesInARow) {
  Watch watch({.most_missed = 2});
  watch.deadline(true);
  watch.deadline(true);
  watch.deadline(false);
  watch.deadline(true);
  EXPECT_EQ(watch.deadline(true), SafetyState::running);
  EXPECT_EQ(watch.deadline(true), SafetyState::stopped);
  EXPECT_EQ(watch.reason(), StopReason::missed_deadlines);
}

TEST(Watch, KeepsTheFirstReasonUnlessItIsAnEmergency) {
  Watch watch({});
  watch.stop(StopReason::finished);
  watch.stop(StopReason::bad_action);
  EXPECT_EQ(watch.reason(), StopReason::finished);
  EXPECT_FALSE(watch.at_once());
  watch.stop_at_once(StopReason::emergency_stop);
  watch.stop_at_once(StopReason::another_master);
  EXPECT_TRUE(watch.at_once());
  EXPECT_EQ(watch.reason(), StopReason::emergency_stop);
}

TEST(Histogram, PercentilesAreAtMostATenthAbove) {
  Histogram histogram;
  EXPECT_EQ(histogram.percentile(0.5), 0);
  for (int i = 1; i <= 1000; ++i) histogram.add(1e-6 * i);
  for (const double part : {0.01, 0.5, 0.99}) {
    EXPECT_GE(histogram.percentile(part), 1e-3 * part * 0.999);
    EXPECT_LE(histogram.percentile(part), 1e-3 * part * 1.13);
  }
  EXPECT_EQ(histogram.percentile(1), 1e-3);
  EXPECT_EQ(histogram.worst(), 1e-3);
  histogram.add(1e9);
  histogram.add(0);
  EXPECT_EQ(histogram.total(), 1002);
  EXPECT_EQ(histogram.worst(), 1e9);
}

}  // namespace
}  // namespace motet
