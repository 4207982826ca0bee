// A training that stopped, by a signal, by SIGKILL at any moment or by a full disk, goes on bit for
// bit as one that did not.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <random>
#include <thread>

#include "trainer_fixture.h"

extern char** environ;

namespace motet {
namespace {

using namespace test;

TEST(TrainerResume, AfterAnInterrupt) {
  TemporaryFolder whole, parts;
  const Plan plan = training_plan();
  ASSERT_EQ(error_of(training_request(plan, whole.path())), "");

  std::atomic<bool> interrupt = false;
  TrainingRequest request = training_request(plan, parts.path());
  request.interrupt = &interrupt;
  request.on_evaluation = [&](std::int64_t, const std::vector<Metric>&) { interrupt = true; };
  int interrupted = 0;
  for (;; ++interrupted) {
    interrupt = false;
    const Result<TrainingEnd> end = train(request);
    ASSERT_TRUE(end) << end.error().message;
    if (*end == TrainingEnd::finished) break;
  }
  EXPECT_EQ(interrupted, 4);  // at steps 200, 400, 600 and 800
  expect_same_end(whole.path(), parts.path());
}

TEST(TrainerResume, AFinishedTrainingIsLeftAlone) {
  TemporaryFolder folder;
  const Plan plan = training_plan(300);
  TrainingRequest request = training_request(plan, folder.path());
  ASSERT_EQ(error_of(request), "");
  const std::string checkpoint = bytes_of(folder.path() / "checkpoint.bin");
  ASSERT_EQ(error_of(request), "");
  EXPECT_EQ(bytes_of(folder.path() / "checkpoint.bin"), checkpoint);
}

TEST(TrainerResume, BeginsAnewWhereToldTo) {
  TemporaryFolder one, other;
  const Plan plan = training_plan(300);
  TrainingRequest request = training_request(plan, one.path());
  ASSERT_EQ(error_of(request), "");
  request.folder = other.path();
  request.seed = 1;
  ASSERT_EQ(error_of(request), "");
  request.seed = 7;
  request.resume = false;
  ASSERT_EQ(error_of(request), "");
  expect_same_end(one.path(), other.path());
}

TEST(TrainerResume, AChangedProgramIsRefusedAndNothingLost) {
  TemporaryFolder folder;
  Plan plan = training_plan(300);
  TrainingRequest request = training_request(plan, folder.path());
  ASSERT_EQ(error_of(request), "");
  const std::string checkpoint = bytes_of(folder.path() / "checkpoint.bin"),
                    replay = bytes_of(folder.path() / "replay.bin"),
                    metrics = bytes_of(folder.path() / "metrics.csv");
  plan.skills[0].hash = "4567";
  EXPECT_NE(error_of(request).find("--force"), std::string::npos);
  EXPECT_EQ(bytes_of(folder.path() / "checkpoint.bin"), checkpoint);
  EXPECT_EQ(bytes_of(folder.path() / "replay.bin"), replay);
  EXPECT_EQ(bytes_of(folder.path() / "metrics.csv"), metrics);
}

TEST(TrainerResume, ACutCheckpointIsRefused) {
  TemporaryFolder folder;
  const Plan plan = training_plan(300);
  TrainingRequest request = training_request(plan, folder.path());
  ASSERT_EQ(error_of(request), "");
  const auto file = folder.path() / "checkpoint.bin";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_NE(error_of(request).find("checkpoint.bin"), std::string::npos);
}

TEST(TrainerResume, ACutReplayIsRefused) {
  TemporaryFolder folder;
  const Plan plan = training_plan(300);
  std::atomic<bool> interrupt = false;
  TrainingRequest request = training_request(plan, folder.path());
  request.interrupt = &interrupt;
  request.on_evaluation = [&](std::int64_t, const std::vector<Metric>&) { interrupt = true; };
  ASSERT_EQ(error_of(request), "");
  interrupt = false;
  std::filesystem::resize_file(folder.path() / "replay.bin", 6000);
  const std::string error = error_of(request);
  EXPECT_NE(error.find("replay.bin` is cut short; `--force` trains the skill anew"), std::string::npos)
      << error;
}

// A step of many worlds brings more than a small replay holds: what the checkpoint before needs stays
// where it is all the same.
TEST(TrainerResume, FromTheCheckpointBeforeWhereWorldsOutnumberTheReplay) {
  TemporaryFolder folder;
  Plan plan = training_plan(240);
  plan.skills[0].sac.replay = 10;
  plan.skills[0].sac.warmup = 30;
  plan.skills[0].train = {.eval_interval = 15, .eval_episodes = 1, .checkpoint_interval = 15, .worlds = 15};
  std::atomic<bool> interrupt = false;
  TrainingRequest request = training_request(plan, folder.path());
  request.interrupt = &interrupt;
  request.on_evaluation = [&](std::int64_t, const std::vector<Metric>&) { interrupt = true; };
  for (int checkpoints = 0; checkpoints < 5; ++checkpoints) {
    const std::string before = bytes_of(folder.path() / "checkpoint.bin");
    interrupt = false;
    ASSERT_EQ(error_of(request), "");
    if (before.empty()) continue;
    const std::string after = bytes_of(folder.path() / "checkpoint.bin");
    std::ofstream(folder.path() / "checkpoint.bin", std::ios::binary) << before;
    TrainingRequest look = request;
    std::atomic<bool> at_once = true;
    look.interrupt = &at_once;
    ASSERT_EQ(error_of(look), "") << checkpoints;
    std::ofstream(folder.path() / "checkpoint.bin", std::ios::binary) << after;
  }
}

// Its checksums are right, and its numbers no training's.
TEST(TrainerResume, ACheckpointThatSomebodyMadeIsRefused) {
  const Plan plan = training_plan(300);
  const auto refused = [&](const std::string& name, auto value) {
    TemporaryFolder folder;
    const TrainingRequest request = training_request(plan, folder.path());
    EXPECT_EQ(error_of(request), "");
    Result<Archive> archive = Archive::read(folder.path() / "checkpoint.bin");
    archive->put_value(name, value);
    EXPECT_TRUE(archive->write(folder.path() / "checkpoint.bin"));
    return error_of(request);
  };
  for (const std::int64_t wrong : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_NE(refused("trainer/replay_added", wrong), "") << wrong;
    EXPECT_NE(refused("trainer/replay_slack", wrong), "") << wrong;
    EXPECT_NE(refused("trainer/step", wrong), "") << wrong;
  }
  EXPECT_NE(refused("trainer/replay_slack", std::int64_t{-400}), "");
  EXPECT_NE(refused("statistics/total", std::array<std::int64_t, 22>{-7}), "");
}

// --- in a process of its own ------------------------------------------------------------------

// The training that the tests below start as a process: in the folder that the environment names,
// with no file larger than it says.
TEST(TrainerResume, DISABLED_Child) {
  const char* folder = std::getenv("MOTET_TEST_FOLDER");
  ASSERT_NE(folder, nullptr);
  if (const char* limit = std::getenv("MOTET_TEST_FILE_LIMIT")) {
    ::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit then fails, as on a full disk
    const rlimit size{std::strtoul(limit, nullptr, 10), RLIM_INFINITY};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &size), 0);
  }
  const Plan plan = training_plan(2000);
  TrainingRequest request = training_request(plan, folder);
  request.on_message = [](const std::string&) { (void)!::write(3, "x", 1); };  // it has begun
  EXPECT_EQ(error_of(request), "");
}

class Child {
 public:
  explicit Child(const std::filesystem::path& folder, const std::string& file_limit = {}) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    begun_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    std::vector<std::string> words = {"child", "--gtest_filter=TrainerResume.DISABLED_Child",
                                      "--gtest_also_run_disabled_tests"};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::setenv("MOTET_TEST_FOLDER", folder.c_str(), 1);
    if (!file_limit.empty()) ::setenv("MOTET_TEST_FILE_LIMIT", file_limit.c_str(), 1);
    EXPECT_EQ(posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, arguments.data(), environ), 0);
    ::unsetenv("MOTET_TEST_FILE_LIMIT");
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }
  ~Child() { ::close(begun_); }

  void wait_until_begun() const {
    char byte = 0;
    (void)!::read(begun_, &byte, 1);
  }
  void kill() const { ::kill(process_, SIGKILL); }
  // Waits; true where it ended by itself and well.
  bool ended_well() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  pid_t process_ = -1;
  int begun_ = -1;
};

std::int64_t step_of(const std::filesystem::path& folder) {
  std::int64_t step = 0;
  const Result<Archive> archive = Archive::read(folder / "checkpoint.bin");
  return archive && archive->get_value("trainer/step", step) ? step : 0;
}

TEST(TrainerResume, AfterBeingKilledAtAnyMoment) {
  TemporaryFolder whole, killed;
  const Child first(whole.path());
  first.wait_until_begun();
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(first.ended_well());
  const std::chrono::microseconds all =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - before);
  Random random(std::random_device{}());
  int kills = 0, resumed = 0;
  std::string moments;
  for (bool finished = false; !finished;) {
    if (step_of(killed.path()) > 0) ++resumed;
    Child child(killed.path());
    if (kills < 6) {
      child.wait_until_begun();
      const auto moment =
          std::chrono::microseconds(random.below(static_cast<std::uint64_t>(all.count() / 3)));
      std::this_thread::sleep_for(moment);
      child.kill();
      moments +=
          " " + std::to_string(moment.count()) + " us at step " + std::to_string(step_of(killed.path()));
    }
    finished = child.ended_well();
    if (!finished) {
      ASSERT_LT(kills++, 6) << "it does not end";
    }
  }
  EXPECT_GT(resumed, 0);
  SCOPED_TRACE("killed after" + moments);
  expect_same_end(whole.path(), killed.path());
}

TEST(TrainerResume, AfterAFullDisk) {
  TemporaryFolder whole, full;
  ASSERT_TRUE(Child(whole.path()).ended_well());
  // replay.bin grows to 4096 + 550 slots of 52 bytes: it fails on the way, after some checkpoints.
  EXPECT_FALSE(Child(full.path(), "26000").ended_well());
  EXPECT_GE(step_of(full.path()), 150);
  EXPECT_LT(step_of(full.path()), 2000);
  ASSERT_TRUE(Child(full.path()).ended_well());
  expect_same_end(whole.path(), full.path());
}

}  // namespace
}  // namespace motet
