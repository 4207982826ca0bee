// What a bundle makes of what another run measured.

#include "runtime/control/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recording_fixture.h"
#include "runtime/control/report.h"
#include "temporary_folder.h"

namespace motet {
namespace {

using namespace test;
using testing::HasSubstr;
using Kind = ActuatorContract::Kind;

// Its drive passes the action on, five times a control step.
Bundle driven_axle() {
  Bundle bundle = axle_bundle();
  Contract& contract = bundle.contract;
  InstructionProgram drive;
  drive.registers = 1;
  drive.loads = {{{SignalKind::action, {}, {}, 1}, 0}};
  drive.outputs = {{"motor", 0, 1}};
  contract.robot.drive = drive;
  contract.drive_period = contract.robot.control_period / 5;
  return bundle;
}

class ReplayTest : public testing::Test {
 protected:
  Replay replay_of(const Bundle& ran, AxleRun how, const Bundle& bundle) {
    how.file = folder_.path() / (std::to_string(count_++) + ".motetrec");
    EXPECT_EQ(record(ran, how), "");
    return replay_of(how.file, bundle);
  }
  Replay replay_of(const std::filesystem::path& file, const Bundle& bundle) {
    const auto run = RecordedRun::read(file);
    if (!run) ADD_FAILURE() << run.error().message;
    auto replayed = replay(*run, bundle);
    if (!replayed) ADD_FAILURE() << replayed.error().message;
    return *replayed;
  }
  std::string refusal(const Bundle& bundle) {
    const auto file = folder_.path() / (std::to_string(count_++) + ".motetrec");
    EXPECT_EQ(record(axle_bundle(), {.file = file, .seconds = 0.2}), "");
    const auto replayed = replay(*RecordedRun::read(file), bundle);
    EXPECT_FALSE(replayed);
    return replayed ? "" : replayed.error().message;
  }
  const TemporaryFolder folder_;
  int count_ = 0;
};

TEST_F(ReplayTest, TheBundleThatRanDoesTheSame) {
  const Replay same = replay_of(axle_bundle(), {}, axle_bundle());
  EXPECT_EQ(same.names, std::vector<std::string>{"motor_0"});
  EXPECT_NEAR(static_cast<double>(same.steps()), 100, 1);
  EXPECT_EQ(same.left_out, 25) << "half a second to rest";
  EXPECT_EQ(same.missing, 0);
  EXPECT_EQ(same.noise, Replay::Noise::none);
  EXPECT_EQ(difference(same, 0).largest, 0);
  EXPECT_EQ(agrees_from(same, 0), 0u);
  EXPECT_NE(same.recorded[10], same.recorded[20]) << "it moved";
  EXPECT_NEAR(same.time[10], 0.2, 1e-9);
}

TEST_F(ReplayTest, AnotherBundleDoesNot) {
  const Replay other = replay_of(axle_bundle(), {}, axle_bundle(Kind::effort, {PolicyKind::gaussian}, 1, 4));
  const Difference found = difference(other, 0);
  EXPECT_GT(found.largest, 0.01);
  EXPECT_GT(found.mean, 0);
  EXPECT_LT(found.mean, found.largest);
  EXPECT_EQ(std::abs(other.replayed[found.where] - other.recorded[found.where]), found.largest);
  EXPECT_GT(agrees_from(other, 1e-6), other.steps() / 2);
}

TEST_F(ReplayTest, BeginsAsTheLoopDidWhereTheRobotMovedBeforeIt) {
  const Replay moved = replay_of(axle_bundle(), {.first = 0.5}, axle_bundle());
  EXPECT_EQ(agrees_from(moved, 0), 0u);
}

TEST_F(ReplayTest, WhatWasHeldOrDampedIsLeftOut) {
  // A top policy that is held for five steps would else lose its place.
  const Bundle stack = axle_bundle(Kind::effort, {PolicyKind::gaussian, PolicyKind::flow}, 5);
  const Replay silent = replay_of(stack, {.silent_from = 1, .silent_to = 1.3}, stack);
  EXPECT_EQ(silent.left_out, 25 + 13);
  EXPECT_NEAR(static_cast<double>(silent.steps()), 100 - 13, 1);
  EXPECT_EQ(difference(silent, 0).largest, 0);
}

TEST_F(ReplayTest, NoiseIsThatWhichWasDrawn) {
  for (const auto& policies : {std::vector{PolicyKind::flow},
                               {PolicyKind::sampler},
                               {PolicyKind::sampler, PolicyKind::flow},
                               {PolicyKind::gaussian}}) {
    const Bundle bundle = axle_bundle(Kind::effort, policies, 3);
    const Replay drawn = replay_of(bundle, {.executor = {.sample = true, .seed = 7, .latent = {}}}, bundle);
    EXPECT_EQ(drawn.noise, Replay::Noise::recorded);
    EXPECT_EQ(difference(drawn, 0).largest, 0) << static_cast<int>(policies[0]);
    EXPECT_NE(drawn.recorded[5], drawn.recorded[35]);
  }
}

TEST_F(ReplayTest, NoiseThatIsNotRecordedIsDrawn) {
  const Replay drawn = replay_of(axle_bundle(), {}, axle_bundle(Kind::effort, {PolicyKind::flow}));
  EXPECT_EQ(drawn.noise, Replay::Noise::drawn);
}

TEST_F(ReplayTest, TicksThatAreMissingDoNotMoveTheSteps) {
  const auto file = folder_.path() / "all.motetrec", less = folder_.path() / "less.motetrec";
  ASSERT_EQ(record(driven_axle(), {.file = file}), "");
  const Replay all = replay_of(file, driven_axle());
  EXPECT_NEAR(static_cast<double>(all.steps()), 100, 1);
  EXPECT_EQ(difference(all, 0).largest, 0);
  ASSERT_EQ(leave_out(file, less, 101, 3), "");
  const Replay some = replay_of(less, driven_axle());
  EXPECT_EQ(some.missing, 3);
  EXPECT_EQ(some.steps(), all.steps());
  EXPECT_EQ(difference(some, 0).largest, 0);
}

TEST_F(ReplayTest, AnActionThatIsNoNumberIsNotCompared) {
  const auto file = folder_.path() / "all.motetrec", bad = folder_.path() / "bad.motetrec";
  ASSERT_EQ(record(axle_bundle(), {.file = file}), "");
  auto recording = read_recording(file);
  ASSERT_TRUE(recording);
  const auto place = static_cast<std::size_t>(recording->column("measured joint.pos(axle)"));
  recording->values[10 * recording->header.columns.size() + place] = std::nan("");
  {
    const auto recorder = Recorder::make(bad, recording->header);
    for (std::int64_t i = 0; i < recording->frames; ++i) (*recorder)->record(recording->frame(i));
  }
  const Replay refused = replay_of(bad, axle_bundle());
  EXPECT_EQ(refused.refused, 1);
  EXPECT_TRUE(std::isnan(refused.replayed[10]));
  EXPECT_EQ(difference(refused, 0).largest, 0);
  EXPECT_EQ(agrees_from(refused, 1), 11u);
}

TEST_F(ReplayTest, RefusesWhatDoesNotFit) {
  Bundle other = axle_bundle();
  other.contract.robot.name = "ant";
  EXPECT_THAT(refusal(other), HasSubstr("of `motors`, and `untrained` drives `ant`"));
  other = axle_bundle();
  other.contract.robot.control_period = other.contract.drive_period = 0.01;
  EXPECT_THAT(refusal(other), HasSubstr("50 Hz, and `untrained` is to tick at 100 Hz"));
  other = axle_bundle();
  other.contract.observe.loads[0].signal = {SignalKind::sensor, "gyro", {}, 1};
  EXPECT_THAT(refusal(other), HasSubstr("lacks `sensor(gyro)`, which `untrained` observes"));
  other = axle_bundle();
  other.contract.robot.action[0].name = "swing";
  EXPECT_THAT(refusal(other), HasSubstr("other coordinates"));
}

TEST_F(ReplayTest, ARecordingSaysWhatItsRunSaid) {
  const auto file = folder_.path() / "run.motetrec";
  AxleRun how{.file = file, .silent_from = 1, .silent_to = 1.2};
  how.limits["motor"] = {.low = -0.05, .high = 0.05, .rest = {}};
  ASSERT_EQ(record(axle_bundle(), how), "");
  const auto run = RecordedRun::read(file);
  ASSERT_TRUE(run) << run.error().message;
  const LoopReport report = report_of(*run);
  EXPECT_NEAR(static_cast<double>(report.ticks), 100, 1);
  EXPECT_NEAR(report.seconds, 2, 0.03);
  EXPECT_EQ(report.held, 3);
  EXPECT_EQ(report.damped, 5);
  EXPECT_NEAR(report.age.worst(), 0.2, 0.021);
  EXPECT_GT(report.clipped[0], 10);
  const std::string text = to_text(*run);
  for (const char* part :
       {"`untrained` on `motors`, recorded 2024-05-06T07:08:09Z", "50.00 Hz, 0 overruns; 25 more",
        "observed ago", "3 ticks held, 5 damped", "clipped        motor, "})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, Not(HasSubstr("damaged")));
}

TEST_F(ReplayTest, ARecordingOfSomethingElseIsRefused) {
  const auto file = folder_.path() / "other.motetrec";
  RecordingHeader header;
  header.contract = to_toml(axle_bundle().contract);
  header.period = 0.02;
  header.columns = {"time"};
  ASSERT_TRUE(Recorder::make(file, header));
  auto run = RecordedRun::read(file);
  ASSERT_FALSE(run);
  EXPECT_THAT(run.error().message, HasSubstr("lacks `late`"));
  header.contract = "version = 1";
  std::filesystem::remove(file);
  ASSERT_TRUE(Recorder::make(file, header));
  run = RecordedRun::read(file);
  ASSERT_FALSE(run);
  EXPECT_THAT(run.error().message, HasSubstr("its contract"));
}

}  // namespace
}  // namespace motet
