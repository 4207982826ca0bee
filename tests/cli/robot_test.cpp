// The way of a skill to a robot, as a person goes it.

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "process.h"

namespace motet::test {
namespace {

using namespace std::chrono_literals;

const char* const walk = R"(import robots.minitaur

skill walk {
  in       flat
  maximize walk_forward + level_pitch
  policy   gaussian { hidden [8] }
  learn    sac { steps 60, warmup 50, batch 16, hidden [8] }
}
)";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Robot : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("CYCLONEDDS_URI",
           "<CycloneDDS><Domain><General><Interfaces><NetworkInterface name=\"lo\" multicast=\"true\"/>"
           "</Interfaces></General></Domain></CycloneDDS>",
           1);
    write_text(folder_ / "walk.motet", walk);
  }
  Outcome run(const std::vector<std::string>& words) { return motet(words, folder_.path()); }
  void make_bundle() {
    const Outcome trained = run({"train", "walk.motet", "--run", "r"});
    ASSERT_EQ(trained.status, 0) << trained.err;
    ASSERT_EQ(run({"export", "r", "-o", "walk.motetpack"}).status, 0);
  }
  // A program that runs beside the test, on a network of its own.
  std::unique_ptr<Process> beside(std::vector<std::string> words) {
    const std::string name = words[0];
    words.insert(words.end(), {"--domain", domain()});
    return std::make_unique<Process>(words, folder_.path(), name);
  }
  static bool says(const Process& process, const std::string& part) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!has(process.said().out, part)) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }
  static std::string domain() { return std::to_string(10 + getpid() % 80); }
  const Folder folder_;
};

TEST_F(Robot, ALinksFileIsMadeEditedAndChecked) {
  make_bundle();
  ASSERT_EQ(run({"link", "new", "walk.motetpack", "-o", "m.toml"}).status, 0);
  EXPECT_EQ(run({"link", "new", "walk.motet", "--world", "flat"}).out, read_file(folder_ / "m.toml"))
      << "of a bundle and of its program alike";
  EXPECT_EQ(run({"link", "check", "m.toml", "walk.motetpack"}).status, 0);
  const Outcome again = run({"link", "new", "walk.motetpack", "-o", "m.toml"});
  EXPECT_EQ(again.status, 2);
  EXPECT_TRUE(has(again.err, "is there already")) << again.err;
  std::string text = read_file(folder_ / "m.toml");
  const std::string name = "\"front_left_fore\"";
  text.replace(text.find("name   = " + name) + 9, name.size(), "\"front_left_hip\"");
  write_text(folder_ / "m.toml", text);
  const Outcome wrong = run({"link", "check", "m.toml", "walk.motetpack"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_TRUE(has(wrong.err, "no joint `front_left_hip")) << wrong.err;
}

TEST_F(Robot, RunsOnASimulatedOneToItsEnd) {
  make_bundle();
  const auto robot = beside({"simulate", "walk.motet", "--world", "flat"});
  const Outcome outcome = run({"run", "walk.motetpack", "--link", "dds", "--rate", "50Hz", "--domain",
                               domain(), "--seconds", "2", "--record", "it.motetrec"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* part : {"`walk` on `minitaur`, 50 Hz, its drive at 500 Hz", "it was to end", "late by",
                           "observed ago", "recorded       it.motetrec"})
    EXPECT_TRUE(has(outcome.out, part)) << part << "\n" << outcome.out;
  EXPECT_GT(std::filesystem::file_size(folder_ / "it.motetrec"), 100'000u);
  const Outcome over = run({"run", "walk.motetpack", "--link", "dds", "--domain", domain(), "--seconds", "1",
                            "--record", "it.motetrec"});
  EXPECT_EQ(over.status, 3) << "a recording is not written over";
  EXPECT_TRUE(has(over.err, "nothing was moved")) << over.err;
}

TEST_F(Robot, CtrlCBringsItToRestAndAnEmergencyAtOnce) {
  make_bundle();
  const auto robot = beside({"simulate", "walk.motet", "--world", "flat"});
  for (const auto& [number, reason, status] :
       {std::tuple(SIGINT, "it was to end", 0), std::tuple(SIGUSR1, "an emergency stop", 3)}) {
    const auto loop = beside({"run", "walk.motetpack", "--link", "dds", "--record", std::to_string(number)});
    ASSERT_TRUE(says(*loop, "Ctrl-C")) << loop->said().err;
    std::this_thread::sleep_for(300ms);
    loop->send(number);
    const Outcome outcome = loop->wait();
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_TRUE(has(outcome.out, reason)) << outcome.out;
  }
}

TEST_F(Robot, WhatDoesNotFitIsRefusedBeforeAnythingMoves) {
  make_bundle();
  const auto refused = [&](std::vector<std::string> words, int status, const char* part) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_TRUE(has(outcome.err, part)) << part << "\n" << outcome.err;
  };
  refused({"run", "walk.motetpack"}, 2, "--link dds");
  refused({"run", "r", "--link", "dds"}, 2, "motet export");
  refused({"run", "walk.motetpack", "--link", "dds", "--rate", "100Hz"}, 2, "was trained at 50 Hz");
  refused({"run", "walk.motetpack", "--link", "none.toml"}, 2, "none.toml");
  refused({"run", "none.motetpack", "--link", "dds"}, 1, "none.motetpack");
  refused({"run", "walk.motetpack", "--link", "dds", "--domain", domain()}, 3, "/joint_states");
  write_text(folder_ / "arm.toml", "robot = \"arm\"\n");
  refused({"run", "walk.motetpack", "--link", "arm.toml"}, 2, "arm.toml");
  write_text(folder_ / "bad.motetpack", read_file(folder_ / "walk.motetpack").substr(0, 10'000));
  refused({"run", "bad.motetpack", "--link", "dds"}, 1, "bad.motetpack");
}

// A robot that learns, seen from outside: killed on both sides, and nothing is lost.
TEST_F(Robot, LearnsWhereItStands) {
  std::string program = walk;
  program.replace(program.find("steps 60, warmup 50"), 19, "steps 400, warmup 50");
  write_text(folder_ / "walk.motet", program);
  const std::vector<std::string> collect{"collect", "--link", "dds", "--reset", "topic", "--speed", "3"};
  const std::vector<std::string> settings{"--set", "train.eval_interval=1000", "--set",
                                          "train.checkpoint_interval=50"};
  std::vector<std::string> train{"train", "walk.motet", "--run", "r", "--from-robot"};
  train.insert(train.end(), settings.begin(), settings.end());
  const auto robot = beside({"simulate", "walk.motet", "--world", "flat", "--speed", "3"});
  auto collector = beside(collect);
  auto learner = beside(train);
  ASSERT_TRUE(says(*collector, "episode 1")) << collector->said().err;
  learner->send(SIGKILL);
  collector->send(SIGKILL);
  learner->wait();
  collector->wait();
  collector = beside(collect);
  train.push_back("--resume");
  learner = beside(train);
  const Outcome learnt = learner->wait(), collected = collector->wait();
  EXPECT_EQ(learnt.status, 0) << learnt.err;
  EXPECT_TRUE(has(learnt.out, "walk: trained")) << learnt.out;
  EXPECT_EQ(collected.status, 0) << collected.err;
  EXPECT_TRUE(has(collected.out, "episodes, ")) << collected.out;
}

TEST_F(Robot, ByHandNeedsAHand) {
  write_text(folder_ / "walk.motet", walk);
  const auto robot = beside({"simulate", "walk.motet", "--world", "flat"});
  const auto learner = beside({"train", "walk.motet", "--run", "r", "--from-robot"});
  const auto collector = beside({"collect", "--link", "dds"});
  const Outcome outcome = collector->wait();
  EXPECT_EQ(outcome.status, 3);
  EXPECT_TRUE(has(outcome.err, "nobody is at the keyboard")) << outcome.err;
}

}  // namespace
}  // namespace motet::test
