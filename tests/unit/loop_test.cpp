// The control loop, with every fault that it has to survive.

#include "runtime/control/loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "allocation_counter.h"
#include "control_fixture.h"
#include "runtime/control/report.h"
#include "runtime/recording/recording.h"
#include "temporary_folder.h"

namespace motet {
namespace {

using namespace test;
using testing::Each;
using testing::HasSubstr;

LoopOptions limited(std::map<std::string, ControlLimit> limits) {
  LoopOptions options;
  options.limits = std::move(limits);
  return options;
}

class LoopTest : public testing::Test {
 protected:
  void make(LoopOptions options = {}, ActuatorContract::Kind kind = ActuatorContract::Kind::effort) {
    if (options.seconds == 0) options.seconds = 2;
    const Bundle bundle = axle_bundle(kind);
    auto controller = Controller::make(bundle, {});
    ASSERT_TRUE(controller) << controller.error().message;
    controller_ = std::move(*controller);
    loop_ = std::make_unique<Loop>(*controller_, link_, clock_, options);
  }
  const LoopReport& run() {
    const Status status = loop_->activate();
    EXPECT_TRUE(status) << (status ? "" : status.error().message);
    return loop_->run(requests_);
  }
  // From this time of the run on.
  void at(double time, std::function<void()> fault) {
    clock_.woken = [this, time, fault = std::move(fault)] {
      if (clock_.time >= 100 + time - 1e-9) fault();
    };
  }
  std::string refusal() {
    const Status status = loop_->activate();
    EXPECT_FALSE(status);
    EXPECT_FALSE(link_.active);
    EXPECT_THAT(link_.written, testing::IsEmpty()) << "before anything moves";
    return status ? "" : status.error().message;
  }

  FakeClock clock_;
  FakeLink link_{clock_};
  std::unique_ptr<Controller> controller_;
  std::unique_ptr<Loop> loop_;
  LoopRequests requests_;
};

TEST_F(LoopTest, RunsAtItsRateAndEndsAtRest) {
  make();
  const LoopReport& report = run();
  EXPECT_NEAR(static_cast<double>(report.ticks), 100, 1);
  EXPECT_EQ(report.overruns, 0);
  EXPECT_EQ(report.reason, StopReason::finished);
  EXPECT_EQ(link_.written.back(), 0);
  EXPECT_NEAR(static_cast<double>(link_.written.size()), 125, 2) << "half a second to rest";
  EXPECT_FALSE(link_.active);
  // Evenly down.
  const auto last = link_.written.end() - 25;
  for (auto each = last; each + 1 != link_.written.end(); ++each)
    EXPECT_NEAR(each[1] - each[0], last[1] - last[0], 1e-9);
}

TEST_F(LoopTest, ActsAsItsExecutor) {
  make();
  link_.initial["axle"] = 0.3;
  run();
  std::string error;
  auto executor = Executor::from_bytes(*pack(axle_bundle()), error);
  std::vector<float> action(1);
  executor->step(std::vector<float>{0.3f, 0.3f}, action);
  EXPECT_NE(action[0], 0);
  EXPECT_FLOAT_EQ(static_cast<float>(link_.written[5]), action[0]);
}

TEST_F(LoopTest, ARobotThatRefusesIsNotMoved) {
  make();
  link_.refuses_configuration = true;
  EXPECT_THAT(refusal(), HasSubstr("no such joint"));
}

TEST_F(LoopTest, ARobotWithAMasterIsNotMoved) {
  make();
  link_.refuses_activation = true;
  EXPECT_THAT(refusal(), HasSubstr("another master"));
}

TEST_F(LoopTest, ARobotThatSaysNothingIsNotMoved) {
  make();
  link_.speaks = false;
  EXPECT_THAT(refusal(), HasSubstr("says nothing"));
}

TEST_F(LoopTest, ARobotThatIsSilentNowIsNotMoved) {
  make();
  link_.fresh = false;
  link_.measured_at = clock_.time - 1;
  EXPECT_THAT(refusal(), HasSubstr("1.0"));
}

TEST_F(LoopTest, ARobotThatSaysWhatCannotBeIsNotMoved) {
  make();
  link_.initial["axle"] = std::nan("");
  EXPECT_THAT(refusal(), HasSubstr("joint.pos(axle)"));
}

TEST_F(LoopTest, AStopThatIsAskedForAlreadyKeepsItStill) {
  make();
  link_.stop = true;
  EXPECT_THAT(refusal(), HasSubstr("emergency stop"));
}

// Silent from 1 s on: holds after 40 ms, damps after 100, stops after 500.
TEST_F(LoopTest, ALinkThatIsCutHoldsThenDampsThenStops) {
  make();
  at(1, [this] {
    link_.fresh = false;
    link_.measured_at = 101;
  });
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::stale_observation);
  EXPECT_EQ(report.held, 3);
  EXPECT_NEAR(static_cast<double>(report.damped), 20, 1);
  const std::vector<double>& written = link_.written;
  EXPECT_EQ(written[53], written[51]) << "held";
  for (std::size_t i = 56; i < 70; ++i) EXPECT_LT(std::abs(written[i]), std::abs(written[i - 1]));
  EXPECT_EQ(written.back(), 0);
}

TEST_F(LoopTest, ALinkThatComesBackIsUsedAgain) {
  make();
  clock_.woken = [this] {
    link_.fresh = clock_.time < 101 || clock_.time >= 101.2;
    link_.measured_at = 101;
  };
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::finished);
  EXPECT_GT(report.held, 0);
  EXPECT_GT(report.damped, 0);
  EXPECT_EQ(link_.written[80], link_.written[10]);
}

TEST_F(LoopTest, ALostLinkStops) {
  make();
  at(1, [this] { link_.speaks = false; });
  EXPECT_EQ(run().reason, StopReason::bad_observation);
}

TEST_F(LoopTest, WhatIsNotFiniteIsNotActedUpon) {
  make();
  at(1, [this] { link_.values[0] = std::nan(""); });
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::bad_observation);
  EXPECT_GT(report.bad, 20);
  EXPECT_EQ(report.last_bad, 0);
  for (const double written : link_.written) EXPECT_TRUE(std::isfinite(written));
}

TEST_F(LoopTest, OneBadObservationIsLeftOut) {
  make();
  clock_.woken = [this] { link_.values[1] = clock_.time > 101 && clock_.time < 101.03 ? 1e9 : 0.0; };
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::finished);
  EXPECT_EQ(report.bad, 1);
  EXPECT_EQ(report.last_bad, 1);
}

TEST_F(LoopTest, ALateLoopStops) {
  make();
  at(1, [this] { clock_.time += 0.05; });
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::missed_deadlines);
  EXPECT_EQ(report.overruns, 6);
  EXPECT_GE(report.lateness.worst(), 0.05 - 1e-9);
}

TEST_F(LoopTest, ALoopThatIsLateOnceGoesOn) {
  make();
  bool late = false;
  at(1, [&] {
    if (!std::exchange(late, true)) clock_.time += 0.07;
  });
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::finished);
  EXPECT_EQ(report.overruns, 1);
  EXPECT_NEAR(static_cast<double>(report.ticks), 98, 1) << "what was missed is not made up for";
}

TEST_F(LoopTest, AWayToRestThatIsLateIsNotHurried) {
  make();
  bool late = false;
  at(2.1, [&] {
    if (!std::exchange(late, true)) clock_.time += 0.2;
  });
  run();
  EXPECT_NEAR(clock_.time, 102.7, 0.05) << "half a second to rest, and what was missed";
}

TEST_F(LoopTest, AnEmergencyStopRestsAtOnce) {
  make();
  at(1, [this] { link_.stop = true; });
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::emergency_stop);
  EXPECT_EQ(link_.written.back(), 0);
  EXPECT_LE(link_.written.size(), 52u);
}

TEST_F(LoopTest, AnEmergencyWaitsForNoRate) {
  make(limited({{"motor", {-1, 1, 0.4, {}}}}));
  at(1, [this] { link_.stop = true; });
  run();
  EXPECT_NE(link_.written[link_.written.size() - 2], 0);
  EXPECT_EQ(link_.written.back(), 0);
  EXPECT_LE(link_.written.size(), 52u);
}

// At 0.02 a second it would take longer than anybody waits for.
TEST_F(LoopTest, WhateverWentWrongItEndsWithoutEffort) {
  for (const double rate : {1.0, 0.02}) {
    link_.written.clear();
    link_.values.clear();
    clock_.time = 100;
    clock_.woken = {};
    make(limited({{"motor", {-1, 1, rate, {}}}}));
    at(1, [this] { link_.values[0] = std::nan(""); });
    EXPECT_EQ(run().reason, StopReason::bad_observation);
    EXPECT_NEAR(link_.written.back(), 0, 1e-9);
  }
}

TEST_F(LoopTest, ASignalStopsItAtOnceToo) {
  make();
  at(1, [this] { requests_.emergency = true; });
  EXPECT_EQ(run().reason, StopReason::emergency_stop);
  EXPECT_LE(link_.written.size(), 52u);
}

TEST_F(LoopTest, AnInterruptRampsDownAndAnEmergencyCutsThatShort) {
  make();
  at(1, [this] {
    requests_.finish = true;
    if (clock_.time > 101.1) requests_.emergency = true;
  });
  const LoopReport& report = run();
  EXPECT_EQ(report.reason, StopReason::emergency_stop);
  EXPECT_LE(link_.written.size(), 60u);
  EXPECT_GE(link_.written.size(), 54u);
}

TEST_F(LoopTest, AServoStaysWhereItsJointIsUnlessToldWhereToRest) {
  make({}, ActuatorContract::Kind::position);
  link_.initial["axle"] = 0.4;
  run();
  EXPECT_DOUBLE_EQ(link_.written.back(), 0.4);
  link_.written.clear();
  link_.values.clear();
  make(limited({{"motor", {-1, 1, 0.2, -0.5}}}), ActuatorContract::Kind::position);
  requests_.finish = false;
  run();
  EXPECT_NEAR(link_.written.back(), -0.5, 1e-5) << "however long it takes at 0.2 a second";
  for (std::size_t i = 1; i < link_.written.size(); ++i)
    EXPECT_LE(std::abs(link_.written[i] - link_.written[i - 1]), 0.2 * 0.02 + 1e-12);
}

TEST_F(LoopTest, AServoStaysWhereItIsWhenSomethingWentWrong) {
  make(limited({{"motor", {-1, 1, 1e300, -0.5}}}), ActuatorContract::Kind::position);
  at(1, [this] { link_.values[0] = std::nan(""); });
  run();
  EXPECT_EQ(link_.written.back(), link_.written[60]);
}

std::unique_ptr<Recorder> record(Loop& loop, const std::filesystem::path& file) {
  auto recorder = Recorder::make(file, {"", "", "", 0.02, loop.columns()});
  EXPECT_TRUE(recorder) << recorder.error().message;
  loop.record_to(**recorder);
  return std::move(*recorder);
}

TEST_F(LoopTest, RecordsEveryTick) {
  const TemporaryFolder folder;
  make(limited({{"motor", {-0.1, 0.1, 1e300, {}}}}));
  const auto recorder = record(*loop_, folder.path() / "run.motetrec");
  link_.initial["axle"] = 0.3;
  const LoopReport& report = run();
  ASSERT_TRUE(recorder->finish());
  const Result<Recording> recording = read_recording(folder.path() / "run.motetrec");
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(static_cast<std::size_t>(recording->frames), link_.written.size());
  EXPECT_GT(recording->frames, report.ticks) << "the way to rest is there, too";
  const auto at = [&](std::int64_t frame, const std::string& name) {
    const std::int64_t column = recording->column(name);
    EXPECT_GE(column, 0) << name;
    return column < 0 ? 0 : recording->frame(frame)[static_cast<std::size_t>(column)];
  };
  EXPECT_NEAR(at(50, "time"), 1, 1e-9);
  EXPECT_EQ(at(50, "measured joint.pos(axle)"), 0.3);
  EXPECT_FLOAT_EQ(static_cast<float>(at(50, "observed qpos[0]")), 0.3f);
  EXPECT_NEAR(at(50, "action motor_0"), at(50, "asked motor"), 1e-6);
  EXPECT_EQ(at(50, "written motor"), link_.written[50]);
  EXPECT_LE(std::abs(at(50, "written motor")), 0.1);
  EXPECT_EQ(at(50, "acted"), 1);
}

TEST_F(LoopTest, AllocatesNothingWhileItRuns) {
  const TemporaryFolder folder;
  make();
  const auto recorder = record(*loop_, folder.path() / "run.motetrec");
  ASSERT_TRUE(loop_->activate());
  const long before = allocations();
  loop_->run(requests_);
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(loop_->snapshot().reason, StopReason::finished);
}

TEST_F(LoopTest, SaysWhatItDid) {
  make(limited({{"motor", {-0.01, 0.01, 1e300, {}}}}));
  at(1, [this] { link_.values[0] = std::nan(""); });
  const std::string text = to_text(run(), *controller_);
  EXPECT_THAT(text, HasSubstr("overruns"));
  EXPECT_THAT(text, HasSubstr("joint.pos(axle)"));
  EXPECT_THAT(text, HasSubstr("clipped        motor"));
  EXPECT_THAT(text, HasSubstr("what is observed is not finite"));
}

}  // namespace
}  // namespace motet
