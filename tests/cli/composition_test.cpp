// Compositions through the command line: from parts that are trained here, and from parts of other runs.

#include <gtest/gtest.h>

#include "process.h"

namespace motet::test {
namespace {

const std::string plane = R"(robot dot {
  model   point(2)
  observe qpos
  act     motors
  control 1 Hz
}

world plane {
  robot   dot
  horizon 20 steps
  measure x = qpos.x at end
}

)";

const std::string learner =
    "  learn    sql { steps 300, warmup 50, batch 8, hidden [16], particles 4, value_samples 4, temperature "
    "1 }\n"
    "  policy   sampler { hidden [16] }\n";

const std::string composed = plane + "reward left = -abs(qpos.x + 3)\n\nreward down = -abs(qpos.y + 3)\n\n" +
                             "skill go_left {\n  in       plane\n  maximize left\n" + learner + "}\n\n" +
                             "skill go_down {\n  in       plane\n  maximize down\n" + learner + "}\n\n" +
                             "skill both = go_left & go_down {\n  learn extraction { steps 40, batch 8 }\n" +
                             "  policy sampler { hidden [16] }\n}\n";

class Composed : public ::testing::Test {
 protected:
  void SetUp() override {
    write_text(folder_ / "composed.motet", composed);
    const Outcome trained = motet({"train", "composed.motet", "--run", "r"}, folder_.path());
    ASSERT_EQ(trained.status, 0) << trained.err;
    out_ = trained.out;
  }
  Outcome run(const std::vector<std::string>& words) { return motet(words, folder_.path()); }
  // A program over go_left of the run, and what training it says.
  Outcome over_trained(const std::string& declaration, const std::string& rest = "") {
    write_text(folder_ / "next.motet", plane + declaration + rest);
    return run({"train", "next.motet", "--run", "next"});
  }

  const Folder folder_;
  std::string out_;
};

TEST_F(Composed, IsTrainedAfterItsPartsAndShownBesideThem) {
  EXPECT_NE(out_.find("go_left: kept for compositions: 300 states"), std::string::npos) << out_;
  EXPECT_NE(out_.find("both: Q = 0.5 go_left + 0.5 go_down at temperature 1"), std::string::npos) << out_;
  EXPECT_FALSE(fs::exists(folder_ / "r/skills/go_left/replay.bin"));
  const Outcome text = run({"eval", "r", "--episodes", "3"});
  EXPECT_EQ(text.status, 0) << text.err;
  for (const char* word : {"both in plane beside its parts, 3 episodes each", "reward of go_left",
                           "reward of go_down", "measure x", "go_down  "})
    EXPECT_NE(text.out.find(word), std::string::npos) << word << "\n" << text.out;
  const Outcome json = run({"eval", "r", "--episodes", "3", "--format", "json"});
  EXPECT_NE(json.out.find("\"parts\""), std::string::npos) << json.out;
}

TEST_F(Composed, SaysHowFarItCanBeTrusted) {
  const Outcome bound = run({"bound", "r", "--episodes", "2", "--samples", "64"});
  EXPECT_EQ(bound.status, 0) << bound.err;
  for (const char* word :
       {"divergence of parts", "C* at the start", "D* at the start", "The best that any policy"})
    EXPECT_NE(bound.out.find(word), std::string::npos) << word << "\n" << bound.out;
  const Outcome json = run({"bound", "r", "--episodes", "2", "--samples", "64", "--format", "json"});
  EXPECT_NE(json.out.find("\"d_star\""), std::string::npos) << json.out;
  write_text(
      folder_ / "either.motet",
      plane + "skill go_left from \"r\"\n\nskill down from \"r/skills/go_down\"\n\n" +
          "skill either = go_left | down {\n  in plane\n  learn extraction { steps 20, batch 8 }\n}\n\n" +
          "skill warm = go_left & down {\n  in plane\n  learn extraction { steps 20, batch 8, temperature "
          "2 }\n}\n\nskill softmax_too = go_left & either {\n  in plane\n  learn extraction { steps 20, "
          "batch 8 }\n}\n");
  ASSERT_EQ(run({"train", "either.motet", "--run", "either"}).status, 0);
  for (const char* skill : {"either", "softmax_too"}) {
    const Outcome refused = run({"bound", "either", "--skill", skill});
    EXPECT_EQ(refused.status, 1) << skill;
    EXPECT_NE(refused.err.find("soft maximum"), std::string::npos) << refused.err;
  }
  EXPECT_NE(run({"bound", "either", "--skill", "warm"}).err.find("a temperature of its own"),
            std::string::npos);
  const Outcome learnt = run({"bound", "r", "--skill", "go_left"});
  EXPECT_EQ(learnt.status, 1);
  EXPECT_NE(learnt.err.find("is no composition"), std::string::npos) << learnt.err;
}

TEST_F(Composed, IsDrawn) {
  const Outcome drawn =
      run({"plot", "r", "--trajectories", "--episodes", "3", "--at", "1,1", "-o", "paths.svg"});
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  const std::string svg = read_file(folder_ / "paths.svg");
  for (const char* word : {"both in plane", "qpos[0]", "qpos[1]", "Q at (1, 1)", "<polyline"})
    EXPECT_NE(svg.find(word), std::string::npos) << word;
  const Outcome unknown = run({"plot", "r", "--trajectories", "--x", "speed", "-o", "paths.svg"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.err.find("does not observe `speed`; it observes `qpos[0]` `qpos[1]`"), std::string::npos)
      << unknown.err;
}

const std::string again =
    "skill again = go_left & 2 * down {\n  in     plane\n  learn  extraction { steps 20, batch 8 }\n"
    "  policy gaussian { hidden [16] }\n}\n";

TEST_F(Composed, PartsOfOtherRunsAreTakenOver) {
  const Outcome trained =
      over_trained("skill go_left from \"r\"\n\nskill down from \"r/skills/go_down\"\n\n", again);
  ASSERT_EQ(trained.status, 0) << trained.err;
  EXPECT_NE(trained.out.find("go_left: taken over from"), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("again: Q = 0.3333 go_left + 0.6667 down"), std::string::npos) << trained.out;
  EXPECT_EQ(read_file(folder_ / "next/skills/go_left/checkpoint.bin"),
            read_file(folder_ / "r/skills/go_left/checkpoint.bin"));
  fs::remove_all(folder_ / "r");  // the run stands by itself
  const Outcome evaluated = run({"eval", "next", "--episodes", "2"});
  EXPECT_EQ(evaluated.status, 0) << evaluated.err;
  EXPECT_NE(evaluated.out.find("measure x"), std::string::npos) << evaluated.out;
}

// A part that was trained anew elsewhere is another part, though its program is the same.
TEST_F(Composed, APartThatWasTrainedAnewIsTakenOverAnew) {
  const std::string program = "skill go_left from \"r\"\n\nskill down from \"r/skills/go_down\"\n\n";
  ASSERT_EQ(over_trained(program, again).status, 0);
  Outcome trained = run({"train", "next.motet", "--run", "next"});
  EXPECT_NE(trained.out.find("go_left: taken over before"), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("again: up to date"), std::string::npos) << trained.out;
  ASSERT_EQ(run({"train", "composed.motet", "--run", "r", "--seed", "2"}).status, 0);
  trained = run({"train", "next.motet", "--run", "next"});
  EXPECT_EQ(trained.status, 0) << trained.err;
  EXPECT_NE(trained.out.find("go_left: taken over from"), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("again: changed since it was trained"), std::string::npos) << trained.out;
  EXPECT_EQ(read_file(folder_ / "next/skills/go_left/checkpoint.bin"),
            read_file(folder_ / "r/skills/go_left/checkpoint.bin"));
}

TEST_F(Composed, ADamagedCheckpointIsNotTakenOver) {
  fs::resize_file(folder_ / "r/skills/go_left/checkpoint.bin", 300);
  const Outcome trained =
      over_trained("skill go_left from \"r\"\n\nskill down from \"r/skills/go_down\"\n\n", again);
  EXPECT_EQ(trained.status, 1) << trained.out;
  EXPECT_NE(trained.err.find("cut short"), std::string::npos) << trained.err;
  EXPECT_FALSE(fs::exists(folder_ / "next/skills/go_left"));
}

TEST_F(Composed, WhatCannotBeTakenOverIsRefused) {
  const auto expect = [&](const Outcome& outcome, const std::string& what) {
    EXPECT_EQ(outcome.status, 1) << outcome.out;
    EXPECT_NE(outcome.err.find(what), std::string::npos) << outcome.err;
    EXPECT_FALSE(fs::exists(folder_ / "next/skills/again"));
  };
  const std::string down = "skill down from \"r/skills/go_down\"\n\n";
  expect(over_trained("skill go_left from \"r/skills\"\n\n" + down, again), "M0221");
  expect(over_trained("skill left from \"r\"\n\nskill go_left from \"r\"\n\n" + down, again),
         "it has `go_left`, `go_down`, `both`");
  expect(over_trained("skill go_left from \"r/skills/both\"\n\n" + down, again), "M0222");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = plane;
    text.replace(text.find(from), from.size(), to);
    write_text(folder_ / "next.motet", text + "skill go_left from \"r\"\n\n" + down + again);
    return run({"train", "next.motet", "--run", "next"});
  };
  expect(with("control 1 Hz", "control 2 Hz"), "M0204");
  expect(with("observe qpos", "observe 2 * qpos"), "M0222");
  fs::remove(folder_ / "r/skills/go_left/states.bin");
  expect(over_trained("skill go_left from \"r\"\n\n" + down, again), "states.bin` is missing");
}

}  // namespace
}  // namespace motet::test
