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
  for (const char* file : {"manifest.toml", "plan.toml", "program/project/small.motet",
                           "skills/reach/metrics.csv", "skills/reach/checkpoint.bin"})
    EXPECT_TRUE(fs::exists(folder / "r" / file)) << file;

  const Outcome second = motet({"train", "small.motet", "--run", "r"}, folder.path());
  EXPECT_EQ(second.status, 0);
  EXPECT_NE(second.out.find("up to date"), std::string::npos) << second.out;

  const Outcome changed =
      motet({"train", "small.motet", "--run", "r", "--set", "learn.sac.steps=700"}, folder.path());
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
  const std::vector<std::string> settings = {"--set", "learn.sac.steps=3000", "--set",
                                             "train.checkpoint_interval=200"};
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
  EXPECT_EQ(motet(train("broken", {}), folder.path()).status, 1)
      << "an interrupted training is not begun again unasked";

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
      motet({"train", "small.motet", "--run", "r", "--seeds", "3", "--set", "train.eval_interval=200"},
            folder.path());
  ASSERT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(fs::exists(folder / "r/seed-3/skills/reach/checkpoint.bin"));
  ASSERT_EQ(motet({"plot", "r", "-o", "curve.svg"}, folder.path()).status, 0);
  EXPECT_NE(read_file(folder / "curve.svg").find("3 seeds"), std::string::npos);
  const Outcome unclear = motet({"eval", "r"}, folder.path());
  EXPECT_EQ(unclear.status, 1);
  EXPECT_NE(unclear.err.find("seed-1"), std::string::npos) << unclear.err;
}

TEST(Train, ProgressFitsTheTerminal) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  for (const int columns : {200, 60, 20}) {
    const std::string out =
        on_terminal({"train", "small.motet", "--run", "r", "--force"}, folder.path(), columns);
    EXPECT_NE(out.find("600/600"), std::string::npos) << out;
    std::stringstream rows(out);
    for (std::string row; std::getline(rows, row, '\r');) {
      const std::string drawn = "\x1b[2K";
      if (!row.starts_with(drawn)) continue;  // said once, not drawn over
      EXPECT_LT(width_of(row.substr(drawn.size())), static_cast<std::size_t>(columns)) << row;
    }
  }
}

TEST(Train, AFinishedSkillWithoutItsCheckpointIsTrainedAgain) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const std::vector<std::string> train = {"train", "small.motet", "--run",
                                          "r",     "--set",       "learn.sac.steps=120"};
  ASSERT_EQ(motet(train, folder.path()).status, 0);
  fs::remove(folder / "r/skills/reach/checkpoint.bin");
  const Outcome again = motet(train, folder.path());
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.out.find("checkpoint is gone"), std::string::npos) << again.out;
  EXPECT_EQ(motet({"eval", "r"}, folder.path()).status, 0);
}

TEST(Train, AnInterruptionReachesEverySeed) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  Process seeds({"train", "small.motet", "--run", "r", "--seeds", "3", "--jobs", "2", "--set",
                 "learn.sac.steps=1M", "--set", "train.checkpoint_interval=200"},
                folder.path());
  ASSERT_TRUE(seeds.wait_for(folder / "r/seed-1/skills/reach/checkpoint.bin"));
  ASSERT_TRUE(seeds.wait_for(folder / "r/seed-2/skills/reach/checkpoint.bin"));
  seeds.send(SIGTERM);  // to it alone, as `kill` does
  const Outcome outcome = seeds.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.out << outcome.err;
  for (const char* seed : {"seed 1: interrupted", "seed 2: interrupted"})
    EXPECT_NE(outcome.out.find(seed), std::string::npos) << outcome.out;
  EXPECT_FALSE(fs::exists(folder / "r/seed-3")) << "none is begun after it";
}

TEST(Train, ASeedThatIsAskedForCounts) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const auto train = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"train", "small.motet", "--run", "r", "--set", "learn.sac.steps=120"};
    words.insert(words.end(), more.begin(), more.end());
    return motet(words, folder.path());
  };
  ASSERT_EQ(train({"--seed", "3"}).status, 0);
  EXPECT_NE(read_file(folder / "r/plan.toml").find("seed    = { value = 3"), std::string::npos);
  const Outcome unasked = train({});
  EXPECT_NE(unasked.out.find("up to date"), std::string::npos) << unasked.out;
  EXPECT_NE(unasked.out.find("keeps its seed, 3"), std::string::npos) << unasked.out;
  for (const std::vector<std::string>& asked :
       {std::vector<std::string>{"--set", "seed=4"}, {"--seed", "5"}}) {
    const Outcome outcome = train(asked);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.out.find("up to date"), std::string::npos) << outcome.out;
  }
}

TEST(Train, OneSeedAndSeveralDoNotShareAFolder) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const auto train = [&](const std::string& run, std::vector<std::string> more) {
    std::vector<std::string> words = {"train", "small.motet", "--run", run, "--set", "learn.sac.steps=120"};
    words.insert(words.end(), more.begin(), more.end());
    return motet(words, folder.path());
  };
  ASSERT_EQ(train("one", {}).status, 0);
  EXPECT_EQ(train("one", {"--seeds", "2"}).status, 1);
  EXPECT_FALSE(fs::exists(folder / "one/seed-1"));
  ASSERT_EQ(train("two", {"--seeds", "2"}).status, 0);
  const Outcome refused = train("two", {});
  EXPECT_EQ(refused.status, 3);
  EXPECT_NE(refused.err.find("two/seed-1"), std::string::npos) << refused.err;
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
  std::string plan = read_file(folder / "r/plan.toml");
  plan.replace(plan.find("small.motet"), 11, "../../../small.motet");
  write_text(folder / "r/plan.toml", plan);
  const Outcome outside = motet({"eval", "r", "--in", "meadow"}, folder.path());
  EXPECT_EQ(outside.status, 1);
  EXPECT_NE(outside.err.find("leads out"), std::string::npos) << outside.err;
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

// A skill whose name holds a comma, and so a reward's name and a column's.
std::string program_with_arguments() {
  std::string program = small_program;
  const auto replace = [&](const std::string& from, const std::string& to) {
    program.replace(program.find(from), from.size(), to);
  };
  replace("reward near = -distance(qpos, goal)", "reward at(x, y) = -distance(qpos, (x, y))");
  replace("skill reach {", "skill reach(x, y) {");
  replace("maximize near + calm", "maximize at(x, y) + calm");
  return program + "\nskill corner = reach(1, 2)\n";
}

TEST(Plot, ReadsQuotedColumnsAndWholeLines) {
  const Folder folder;
  write_text(folder / "small.motet", program_with_arguments());
  ASSERT_EQ(motet({"train", "small.motet", "--run", "r"}, folder.path()).status, 0);
  const auto plot = [&](const std::string& metric, const std::string& skill) {
    return motet({"plot", "r", "-o", "curve.svg", "--metric", metric, "--skill", skill}, folder.path());
  };
  const Outcome trained = plot("reward/at(1, 2)", "corner");
  EXPECT_EQ(trained.status, 0) << trained.err;

  const fs::path metrics = fs::directory_iterator(folder / "r/skills")->path() / "metrics.csv";
  write_text(metrics,
             "step,\"a, b\",\"say \"\"c\"\"\",last\n0,10,20,0\n100,11,21,50\n200,12,22,100\n"
             "300,1");  // a row that is still being written
  for (const char* column : {"a, b", "say \"c\"", "last"})
    EXPECT_EQ(plot(column, "corner").status, 0) << column;
  // From the lower left corner of the axes to the upper right one: 0 to 200 steps, 0 to 100.
  EXPECT_NE(read_file(folder / "curve.svg").find("points=\"78.0,402.0 407.0,224.0 736.0,46.0 \""),
            std::string::npos)
      << read_file(folder / "curve.svg");

  const Outcome unknown = plot("b", "corner");
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.err.find("`a, b`"), std::string::npos) << unknown.err;
  EXPECT_NE(plot("last", "corridor").err.find("no skill `corridor`"), std::string::npos);
}

TEST(Run, CtrlCLeavesNoHalfOfAVideo) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  for (const char* video : {"world.mp4", "world.gif"}) {
    fs::create_directory(folder / "videos");
    Process recording({"run", "small.motet", "--policy", "random", "--video", std::string("videos/") + video,
                       "--episodes", "1000"},
                      folder.path());
    const auto begun = [&] { return !fs::is_empty(folder / "videos"); };
    while (!begun() && recording.running()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    recording.send(SIGINT);
    const Outcome outcome = recording.wait();
    EXPECT_EQ(outcome.status, 130) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_FALSE(begun()) << fs::directory_iterator(folder / "videos")->path();
    fs::remove_all(folder / "videos");
  }
}

TEST(Run, SaysWhatTheOperandShouldBe) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  fs::create_directory(folder / "r");
  const Outcome program = motet({"run", "small.motet"}, folder.path());
  EXPECT_EQ(program.status, 2);
  EXPECT_NE(program.err.find("--policy"), std::string::npos) << program.err;
  EXPECT_EQ(motet({"run", "r", "--policy", "zero"}, folder.path()).status, 2);
  EXPECT_EQ(motet({"run", "small.motet", "--policy", "zero", "--video", "x.avi"}, folder.path()).status, 2);
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
