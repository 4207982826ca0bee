// The temperature (Eq. 5.8): its gradient, its optimiser, its schedules.

#include <gtest/gtest.h>

#include <cmath>

#include "runtime/learning/losses.h"
#include "runtime/learning/temperature.h"

namespace motet {
namespace {

TEST(Temperature, GradientInClosedForm) {
  for (const double log_alpha : {-3.0, 0.0, 1.5}) {
    const double entropy = 0.7, target = -2, h = 1e-6;
    const double difference = (temperature_loss(log_alpha + h, entropy, target) -
                               temperature_loss(log_alpha - h, entropy, target)) /
                              (2 * h);
    EXPECT_NEAR(temperature_gradient(log_alpha, entropy, target), difference, 1e-7);
    EXPECT_NEAR(temperature_gradient(log_alpha, entropy, target), std::exp(log_alpha) * 2.7, 1e-12);
  }
}

// J(alpha) = mean(-alpha log pi - alpha H), as it is written.
TEST(Temperature, LossIsTheMeanOverTheBatch) {
  const double log_probs[] = {0.5, -1.5, 2.0}, alpha = 0.4, target = -1;
  double sum = 0, entropy = 0;
  for (const double log_prob : log_probs) {
    sum += -alpha * log_prob - alpha * target;
    entropy -= log_prob / 3;
  }
  EXPECT_NEAR(temperature_loss(std::log(alpha), entropy, target), sum / 3, 1e-14);
}

TEST(Temperature, LearntFallsWhereEntropyIsAboveTheTarget) {
  TemperatureSchedule temperature({.learned = true, .from = 1}, -2, 0.01);
  temperature.update(1);  // Adam's first step is the learning rate
  EXPECT_NEAR(std::log(temperature.value(0)), -0.01, 1e-9);
  TemperatureSchedule other({.learned = true, .from = 1}, -2, 0.01);
  other.update(-3);
  EXPECT_NEAR(std::log(other.value(0)), 0.01, 1e-9);
}

TEST(Temperature, FixedStays) {
  TemperatureSchedule temperature({.learned = false, .from = 0.2, .to = 0.2, .steps = 0}, -2, 0.01);
  temperature.update(5);
  EXPECT_EQ(temperature.value(0), 0.2);
  EXPECT_EQ(temperature.value(1'000'000), 0.2);
}

TEST(Temperature, AnnealsLogLinearly) {
  const TemperatureSchedule temperature({.learned = false, .from = 1, .to = 0.01, .steps = 100}, -2, 0.01);
  EXPECT_NEAR(temperature.value(0), 1, 1e-12);
  EXPECT_NEAR(temperature.value(50), 0.1, 1e-12);
  EXPECT_NEAR(temperature.value(100), 0.01, 1e-12);
  EXPECT_NEAR(temperature.value(5000), 0.01, 1e-12);
}

TEST(Temperature, GoesOnAsItWasSaved) {
  TemperatureSchedule whole({.learned = true, .from = 1}, -2, 0.01), other = whole;
  for (int i = 0; i < 5; ++i) whole.update(0.3 * i);
  Archive archive;
  whole.save(archive, "temperature");
  ASSERT_TRUE(other.restore(archive, "temperature"));
  whole.update(2);
  other.update(2);
  EXPECT_EQ(whole.value(0), other.value(0));
}

}  // namespace
}  // namespace motet
