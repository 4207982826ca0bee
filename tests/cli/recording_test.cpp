// What a run on a robot left behind: read, replayed and drawn.

#include <gtest/gtest.h>

#include "process.h"
#include "recording_fixture.h"

namespace motet::test {
namespace {

class Recordings : public ::testing::Test {
 protected:
  Outcome run(const std::vector<std::string>& words) { return motet(words, folder_.path()); }
  void make(AxleRun how = {}) {
    how.file = folder_ / "axle.motetrec";
    how.limits["motor"] = {.low = -0.05, .high = 0.05, .rest = {}};
    ASSERT_EQ(record(axle_bundle(), how), "");
    bundle("same.motetpack", axle_bundle());
  }
  void bundle(const std::string& name, const Bundle& bundle) {
    ASSERT_TRUE(write_bundle(folder_ / name, bundle));
  }
  // The recording without its last part.
  void cut_off() {
    const std::string bytes = read_file(folder_ / "axle.motetrec");
    write_text(folder_ / "axle.motetrec", bytes.substr(0, bytes.size() - 100));
  }
  const Folder folder_;
};

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST_F(Recordings, SayHowTheRunWent) {
  make({.silent_from = 1, .silent_to = 1.2});
  const Outcome said = run({"replay", "axle.motetrec"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(said.err, "");
  for (const char* part : {"`untrained` on `motors`, recorded 2024-05-06T07:08:09Z\n",
                           " in 2.0 s, 50.00 Hz, 0 overruns", "  late by ", "  observed ago ",
                           "  waited         3 ticks held, 5 damped\n", "  clipped        motor, "})
    EXPECT_SAYS(said.out, part);
  EXPECT_EQ(said.out.find("not brought to rest"), std::string::npos) << said.out;
}

TEST_F(Recordings, ReplayThroughTheBundleThatRan) {
  make();
  const Outcome same = run({"replay", "axle.motetrec", "same.motetpack", "-o", "actions.csv"});
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_SAYS(same.out, "agrees exactly");
  EXPECT_SAYS(same.out, "motor_0");
  const std::string csv = read_file(folder_ / "actions.csv");
  EXPECT_TRUE(csv.starts_with("time,motor_0 recorded,motor_0 replayed\n0,")) << csv.substr(0, 100);
  EXPECT_NEAR(static_cast<double>(std::count(csv.begin(), csv.end(), '\n')), 101, 1);
}

TEST_F(Recordings, ReplayThroughAnotherBundle) {
  make();
  Bundle newer = axle_bundle(ActuatorContract::Kind::effort, {PolicyKind::gaussian}, 1, 4);
  bundle("weights.motetpack", newer);
  EXPECT_SAYS(run({"replay", "axle.motetrec", "weights.motetpack"}).out, "is another: it acts otherwise");
  newer.contract.steps = 600;
  bundle("newer.motetpack", newer);
  const Outcome other = run({"replay", "axle.motetrec", "newer.motetpack"});
  EXPECT_EQ(other.status, 0) << other.err;
  EXPECT_SAYS(other.out, "It is not the bundle that ran");
  bundle("draws.motetpack", axle_bundle(ActuatorContract::Kind::effort, {PolicyKind::flow}));
  EXPECT_SAYS(run({"replay", "axle.motetrec", "draws.motetpack"}).out, "it drew anew");
}

// Its memory begins with what it acted upon first, not with what the activation saw.
TEST_F(Recordings, OfARobotThatMovedAtItsActivationReplayExactly) {
  make({.first = 0.5});
  EXPECT_SAYS(run({"replay", "axle.motetrec", "same.motetpack"}).out, "agrees exactly");
}

TEST_F(Recordings, OfAnotherRobotAreRefused) {
  make();
  Bundle other = axle_bundle();
  other.contract.robot.name = "ant";
  bundle("ant.motetpack", other);
  const Outcome refused = run({"replay", "axle.motetrec", "ant.motetpack"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_SAYS(refused.err, "the recording is of `motors`, and `untrained` drives `ant`");
  other = axle_bundle();
  other.contract.observe.loads[0].signal = {SignalKind::sensor, "gyro", {}, 1};
  bundle("gyro.motetpack", other);
  EXPECT_SAYS(run({"replay", "axle.motetrec", "gyro.motetpack"}).err, "the recording lacks `sensor(gyro)`");
}

TEST_F(Recordings, ThatAreCutOffAreReadUpToThere) {
  make({.seconds = 3});
  cut_off();
  const Outcome said = run({"replay", "axle.motetrec"});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_SAYS(said.out, "  damaged        cut off after ");
  const Outcome same = run({"replay", "axle.motetrec", "same.motetpack"});
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_SAYS(same.err, "note: the recording is cut off after ");
}

TEST_F(Recordings, WrongInputAndUsage) {
  make();
  write_text(folder_ / "none.motetrec", "not a recording at all");
  EXPECT_EQ(run({"replay", "none.motetrec"}).status, 1);
  EXPECT_SAYS(run({"replay", "none.motetrec"}).err, "is no recording of Motet's");
  EXPECT_SAYS(run({"plot", "none.motetrec", "-o", "x.svg"}).err, "is no recording of Motet's");
  EXPECT_EQ(run({"plot", "none.motetrec", "-o", "x.svg"}).status, 1);
  EXPECT_EQ(run({"replay", "nowhere.motetrec"}).status, 1);
  EXPECT_EQ(run({"replay", "axle.motetrec", "nowhere.motetpack"}).status, 1);
  EXPECT_EQ(run({"replay", "axle.motetrec", "axle.motetrec"}).status, 1);
  EXPECT_EQ(run({"replay"}).status, 2);
  EXPECT_EQ(run({"replay", "axle.motetrec", "-o", "x.csv"}).status, 2);
  EXPECT_EQ(run({"replay", "axle.motetrec", "same.motetpack", "-o", "no/such/x.csv"}).status, 3);
  EXPECT_EQ(run({"plot", "axle.motetrec"}).status, 2);
  EXPECT_EQ(run({"plot", "axle.motetrec", "-o", "x.png"}).status, 2);
  EXPECT_EQ(run({"plot", "axle.motetrec", "runs/x", "-o", "x.svg"}).status, 2);
  EXPECT_EQ(run({"plot", "axle.motetrec", "--metric", "x", "-o", "x.svg"}).status, 2);
  EXPECT_EQ(run({"plot", "runs/x", "--skill", "a.motetrec", "-o", "x.svg"}).status, 2);
  EXPECT_EQ(run({"plot", "axle.motetrec", "-o", "no/such/x.svg"}).status, 3);
}

TEST_F(Recordings, AreDrawn) {
  make({.silent_from = 1, .silent_to = 1.2});
  const Outcome drawn = run({"plot", "axle.motetrec", "-o", "axle.svg"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_EQ(drawn.out, "axle.svg\n");
  const std::string svg = read_file(folder_ / "axle.svg");
  for (const char* part :
       {"untrained on motors", "Timing (ms)", "a tick: 20 ms", "Controls (N m)", "asked, where", ">motor<",
        "Joint positions, measured (rad)", ">axle<", "Actions of the policy", ">motor_0<", "time (s)",
        ">held<", ">damped<", ">brought to rest<", "</svg>"})
    EXPECT_SAYS(svg, part);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST_F(Recordings, AreDrawnInPart) {
  make({.silent_from = 1, .silent_to = 1.2});
  ASSERT_EQ(run({"plot", "axle.motetrec", "-o", "axle.svg", "--from", "0.4", "--to", "0.8"}).status, 0);
  const std::string svg = read_file(folder_ / "axle.svg");
  EXPECT_SAYS(svg, ">0.4<");
  EXPECT_EQ(svg.find(">0<"), std::string::npos);
  EXPECT_EQ(svg.find(">held<"), std::string::npos);
  EXPECT_EQ(run({"plot", "axle.motetrec", "-o", "axle.svg", "--from", "9"}).status, 1);
  EXPECT_EQ(run({"plot", "axle.motetrec", "-o", "axle.svg", "--from", "soon"}).status, 2);
  EXPECT_EQ(run({"plot", "runs/x", "-o", "x.svg", "--to", "1"}).status, 2);
}

// Fifty thousand ticks, of which no picture can show each.
TEST_F(Recordings, ThatAreLongAreDrawnFromTheLeastToTheLargest) {
  make();
  ASSERT_EQ(repeat(folder_ / "axle.motetrec", folder_ / "long.motetrec", 400), "");
  ASSERT_EQ(run({"plot", "long.motetrec", "-o", "axle.svg"}).status, 0);
  EXPECT_LT(fs::file_size(folder_ / "axle.svg"), 200'000u);
}

}  // namespace
}  // namespace motet::test
