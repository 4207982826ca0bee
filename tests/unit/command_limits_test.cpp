// No control that is written exceeds a limit, whatever was asked for.

#include "runtime/control/command_limits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "runtime/control/plausibility.h"
#include "runtime/instructions/random.h"

namespace motet {
namespace {

using Kind = ActuatorContract::Kind;

// One joint with one actuator.
Contract contract_of(Kind kind, std::vector<LimitPlan> limits = {}, double gear = 1) {
  Contract contract;
  contract.joints = {
      {.name = "knee", .type = JointContract::Type::hinge, .limited = true, .low = -1, .high = 2}};
  contract.actuators = {
      {.name = "motor", .joint = "knee", .kind = kind, .low = -10, .high = 10, .gear = gear}};
  contract.robot.limits = std::move(limits);
  return contract;
}

double limited(CommandLimits& limits, double control, JointMeasurement joint = {}, double period = 0.02) {
  limits.apply({&control, 1}, {&joint, 1}, period);
  return control;
}

TEST(CommandLimits, EffortsStayWithinTheirJointsLimits) {
  CommandLimits limits(contract_of(Kind::effort, {{LimitPlan::Kind::joint_torque, "knee", -6, 4}}, 2), {});
  EXPECT_EQ(limited(limits, 9), 2) << "a gear of 2: twice the control's effort";
  EXPECT_EQ(limited(limits, -9), -3);
  EXPECT_EQ(limited(limits, 1), 1);
  EXPECT_EQ(limits.clipped()[0], 2);
}

TEST(CommandLimits, AGearThatTurnsTheOtherWayTurnsItsLimits) {
  CommandLimits limits(contract_of(Kind::effort, {{LimitPlan::Kind::joint_torque, "knee", -6, 4}}, -2), {});
  EXPECT_EQ(limited(limits, 9), 3);
  EXPECT_EQ(limited(limits, -9), -2);
}

TEST(CommandLimits, NoEffortPushesAJointFurtherBeyondALimit) {
  CommandLimits limits(contract_of(Kind::effort, {{LimitPlan::Kind::joint_vel, "knee", -3, 3}}), {});
  EXPECT_EQ(limited(limits, 1, {2.01, 0}), 0);
  EXPECT_EQ(limited(limits, -1, {2.01, 0}), -1) << "back is allowed";
  EXPECT_EQ(limited(limits, -1, {-1.01, 0}), 0);
  EXPECT_EQ(limited(limits, 1, {0, 3.1}), 0);
  EXPECT_EQ(limited(limits, -1, {0, 3.1}), -1) << "it may brake";
  EXPECT_EQ(limited(limits, -1, {0, -3.1}), 0);
}

TEST(CommandLimits, PositionsStayWithinTheJointAndMoveAtItsSpeed) {
  CommandLimits limits(contract_of(Kind::position, {{LimitPlan::Kind::joint_vel, "knee", -3, 3}}), {});
  EXPECT_DOUBLE_EQ(limited(limits, 5), 0.06);
  for (int i = 0; i < 100; ++i) limited(limits, 5);
  EXPECT_DOUBLE_EQ(limited(limits, 5), 2);
}

TEST(CommandLimits, VelocitiesStayWithinTheirLimits) {
  CommandLimits limits(contract_of(Kind::velocity, {{LimitPlan::Kind::joint_vel, "knee", -3, 4}}), {});
  EXPECT_EQ(limited(limits, 9), 4);
  EXPECT_EQ(limited(limits, -9), -3);
  EXPECT_EQ(limited(limits, 1, {2.5, 0}), 0);
}

TEST(CommandLimits, ALinksFileTightensThem) {
  CommandLimits limits(contract_of(Kind::effort), {{"motor", {-0.5, 0.7, 10, {}}}});
  EXPECT_DOUBLE_EQ(limited(limits, 5), 0.2) << "10 a second";
  limited(limits, 5), limited(limits, 5);
  EXPECT_DOUBLE_EQ(limited(limits, 5), 0.7);
  CommandLimits wide(contract_of(Kind::effort), {{"motor", {-50, 50, 1e300, {}}}});
  EXPECT_EQ(limited(wide, 40), 10) << "and never widens them";
}

TEST(CommandLimits, WhatIsNoNumberIsTheControlBefore) {
  CommandLimits limits(contract_of(Kind::effort), {});
  limited(limits, 3);
  EXPECT_EQ(limited(limits, std::nan("")), 3);
  EXPECT_EQ(limited(limits, std::numeric_limits<double>::infinity()), 3);
}

TEST(CommandLimits, LimitsThatLeaveNothingLeaveNoEffort) {
  CommandLimits limits(contract_of(Kind::effort), {{"motor", {20, 30, 1e300, {}}}});
  const double value = limited(limits, 25);
  EXPECT_GE(value, -10);
  EXPECT_LE(value, 10);
}

// Whatever is asked for, measured and configured.
TEST(CommandLimits, NothingThatIsWrittenExceedsALimit) {
  Random random(5);
  const double strange[] = {std::nan(""),
                            std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity(),
                            1e308,
                            -1e308,
                            0};
  for (int trial = 0; trial < 300; ++trial) {
    const auto kind = static_cast<Kind>(trial % 4);
    const double gear = random.normal() * 3, torque = 0.5 + 5 * random.uniform(),
                 speed = 0.5 + 5 * random.uniform(), rate = 0.1 + 100 * random.uniform();
    const Contract contract = contract_of(kind,
                                          {{LimitPlan::Kind::joint_torque, "knee", -torque, torque},
                                           {LimitPlan::Kind::joint_vel, "", -speed, speed}},
                                          gear);
    const double low = -8 * random.uniform(), high = 8 * random.uniform(), period = 0.02;
    CommandLimits limits(contract, {{"motor", {low, high, rate, {}}}});
    const double begin = 0;
    limits.begin({&begin, 1});
    double before = 0;
    for (int step = 0; step < 100; ++step) {
      const JointMeasurement joint{3 * random.normal(), 5 * random.normal()};
      const double asked = step % 7 == 0 ? strange[step % 6] : 20 * random.normal();
      const double control = limited(limits, asked, joint, period);
      ASSERT_TRUE(std::isfinite(control));
      ASSERT_GE(control, std::max(low, -10.0) - 1e-12);
      ASSERT_LE(control, std::min(high, 10.0) + 1e-12);
      const double way = control * (gear < 0 ? -1 : 1);
      if (kind == Kind::effort) {
        ASSERT_LE(std::abs(control * gear), torque * (1 + 1e-12));
        if (joint.position > 2 || joint.velocity > speed) {
          ASSERT_LE(way, 0);
        }
        if (joint.position < -1 || joint.velocity < -speed) {
          ASSERT_GE(way, 0);
        }
      }
      if (kind == Kind::velocity) {
        ASSERT_LE(std::abs(control / gear), speed * (1 + 1e-12));
      }
      if (kind == Kind::position) {
        ASSERT_LE(std::abs(control - before), period * std::min(rate, speed * std::abs(gear)) * (1 + 1e-9));
      }
      before = control;
    }
  }
}

TEST(Plausibility, KnowsWhatCannotBe) {
  const std::vector<SignalRef> signals{{SignalKind::joint_pos, "knee", {}, 1},
                                       {SignalKind::joint_vel, "knee", {}, 1},
                                       {SignalKind::body_quat, "base", {}, 4},
                                       {SignalKind::body_roll, "base", {}, 1}};
  const Plausibility plain(contract_of(Kind::effort), signals, {});
  const std::vector<double> good{3.4, 100, 1, 0, 0, 0, 3};
  EXPECT_EQ(plain.first_bad(good), -1) << "half of the joint's range beyond its limits";
  const auto with = [&](std::size_t place, double value) {
    std::vector<double> values = good;
    values[place] = value;
    return values;
  };
  EXPECT_EQ(plain.first_bad(with(0, 3.6)), 0);
  EXPECT_EQ(plain.first_bad(with(1, std::nan(""))), 1);
  EXPECT_EQ(plain.first_bad(with(1, 2e6)), 1);
  EXPECT_EQ(plain.first_bad(with(2, 0.5)), 2) << "no rotation";
  EXPECT_EQ(plain.first_bad(with(6, 3.2)), 3) << "more than half a turn";
  const Plausibility narrow(contract_of(Kind::effort), signals, {{"knee", {-0.5, 4, 50}}});
  EXPECT_EQ(narrow.first_bad(good), 1);
  EXPECT_EQ(narrow.first_bad(with(1, -50)), -1);
}

}  // namespace
}  // namespace motet
