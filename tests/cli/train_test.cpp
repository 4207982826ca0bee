// Training through the command line: what is trained again, and what an interruption costs.

#include <gtest/gtest.h>

#include "process.h"

namespace motet::test {
namespace {

// All that a run learnt, as numbers: an evaluation's every digit, and metrics without wall-clock time.
std::string learnt(const fs::path& folder, const std::string& run) {
  return motet({"eval", run, "--episodes", "5", "--format", "json"}, folder).out;
}

TEST(Train, TrainsOnlyWhatHasChanged) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const Outcome first = motet({"train", "small.motet", "--run", "r"}, folder.path());
  ASSERT_EQ(first.status, 0) << first.err;
  for (const char* file : {"manifest.toml", "plan.toml", "program/project/small.motet", "skills/reach/metrics.csv",
                           "skills/reach/checkpoint.bin"})
    EXPECT_TRUE(fs::exists(folder / "r" / file)) << file;

  const Outcome second = motet({"train", "small.motet", "--run", "r"}, folder.path());
  EXPECT_EQ(second.status, 0);
  EXPECT_NE(second.out.find("up to date"), std::string::npos) << second.out;

  const Outcome changed = motet({"train", "small.motet", "--run", "r", "--set", "learn.sac.steps=700"}, folder.path());
  EXPECT_EQ(changed.status, 0) << changed.err;
  EXPECT_EQ(changed.out.find("up to date"), std::string::npos) << changed.out;
  EXPECT_TRUE(fs::exists(folder / "r/skills/reach.previous/checkpoint.bin"));

  const Outcome again =
      motet({"train", "small.motet", "--run", "r", "--set", "learn.sac.steps=700", "--force"}, folder.path());
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.out.find("up to date"), std::string::npos) << again.out;
}

TEST(Train, TheSameSeedGivesTheSameSkill) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  ASSERT_EQ(motet({"train", "small.motet", "--run", "a", "--seed", "3"}, folder.path()).status, 0);
  ASSERT_EQ(motet({"train", "small.motet", "--run", "b", "--seed", "3"}, folder.path()).status, 0);
  ASSERT_EQ(motet({"train", "small.motet", "--run", "c", "--seed", "4"}, folder.path()).status, 0);
  EXPECT_EQ(learnt(folder.path(), "a"), learnt(folder.path(), "b"));
  EXPECT_NE(learnt(folder.path(), "a"), learnt(folder.path(), "c"));
}

TEST(Train, InterruptedAndKilledRunsEndAsOthersDo) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const std::vector<std::string> settings = {"--set", "learn.sac.steps=3000", "--set", "train.checkpoint_interval=200"};
  const auto train = [&](const std::string& run, std::vector<std::string> more) {
    std::vector<std::string> words = {"train", "small.motet", "--run", run};
    words.insert(words.end(), settings.begin(), settings.end());
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  ASSERT_EQ(motet(train("whole", {}), folder.path()).status, 0);

  Process broken(train("broken", {}), folder.path());
  ASSERT_TRUE(broken.wait_for(folder / "broken/skills/reach/checkpoint.bin"));
  broken.send(SIGKILL);
  ASSERT_EQ(broken.wait().status, 128 + SIGKILL);
  EXPECT_EQ(motet(train("broken", {}), folder.path()).status, 1) << "an interrupted training is not begun again unasked";

  Process stopped(train("broken", {"--resume"}), folder.path());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  stopped.send(SIGINT);
  const int status = stopped.wait().status;
  EXPECT_TRUE(status == 130 || status == 0) << status;

  const Outcome resumed = motet(train("broken", {"--resume"}), folder.path());
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(learnt(folder.path(), "broken"), learnt(folder.path(), "whole"));
}

TEST(Train, SeveralSeedsAndTheirCurve) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const Outcome outcome =
      motet({"train", "small.motet", "--run", "r", "--seeds", "3", "--set", "train.eval_interval=200"}, folder.path());
  ASSERT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(fs::exists(folder / "r/seed-3/skills/reach/checkpoint.bin"));
  ASSERT_EQ(motet({"plot", "r", "-o", "curve.svg"}, folder.path()).status, 0);
  EXPECT_NE(read_file(folder / "curve.svg").find("3 seeds"), std::string::npos);
  const Outcome unclear = motet({"eval", "r"}, folder.path());
  EXPECT_EQ(unclear.status, 1);
  EXPECT_NE(unclear.err.find("seed-1"), std::string::npos) << unclear.err;
}

TEST(Train, WhatCannotBeTrainedYetStopsBeforeItStarts) {
  const Folder folder;
  std::string program = small_program;
  program += "\nskill other {\n  in       plane\n  maximize calm\n  learn    sql { steps 100 }\n}\n";
  write_text(folder / "small.motet", program);
  EXPECT_EQ(motet({"check", "small.motet"}, folder.path()).status, 0);
  const Outcome outcome = motet({"train", "small.motet", "--run", "r"}, folder.path());
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("M07"), std::string::npos) << outcome.err;
  EXPECT_FALSE(fs::exists(folder / "r"));
  EXPECT_EQ(motet({"train", "small.motet", "reach", "--run", "r"}, folder.path()).status, 0);
}

TEST(Train, DamagedRunsAreRefusedWithAReason) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  ASSERT_EQ(motet({"train", "small.motet", "--run", "r"}, folder.path()).status, 0);
  const fs::path checkpoint = folder / "r/skills/reach/checkpoint.bin";
  const std::string whole = read_file(checkpoint);
  write_text(checkpoint, whole.substr(0, whole.size() / 2));
  const Outcome truncated = motet({"eval", "r"}, folder.path());
  EXPECT_EQ(truncated.status, 1);
  EXPECT_NE(truncated.err.find("checkpoint.bin"), std::string::npos) << truncated.err;
  write_text(checkpoint, "not a checkpoint at all");
  EXPECT_EQ(motet({"eval", "r"}, folder.path()).status, 1);
  write_text(folder / "r/plan.toml", "version = 99\n");
  EXPECT_EQ(motet({"eval", "r"}, folder.path()).status, 1);
  EXPECT_EQ(motet({"eval", "nowhere"}, folder.path()).status, 1);
}

TEST(Train, ARunFolderIsNotTakenFromOthers) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  write_text(folder / "mine/notes.txt", "keep");
  EXPECT_EQ(motet({"train", "small.motet", "--run", "mine"}, folder.path()).status, 3);
  EXPECT_EQ(read_file(folder / "mine/notes.txt"), "keep");
}

TEST(Run, ShowsAWorldBeforeAnythingIsTrained) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const Outcome outcome = motet({"run", "small.motet", "--policy", "zero"}, folder.path());
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("reward near"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("reward calm"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace motet::test
