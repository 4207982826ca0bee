// Episodes of a robot: on disk, and on their way.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "control_fixture.h"
#include "runtime/collection/episode_writer.h"
#include "runtime/episodes/episode_folder.h"
#include "temporary_folder.h"

namespace motet {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t n = 2, m = 1;

Episode episode_of(std::int64_t steps, const std::string& run = "some run") {
  Episode episode;
  episode.id = {run, "somebody", 7};
  episode.policy = 3;
  episode.observation_size = n;
  episode.action_size = m;
  for (std::int64_t i = 0; i < (steps + 1) * n; ++i) episode.observations.push_back(static_cast<float>(i));
  for (std::int64_t i = 0; i < steps; ++i) {
    episode.actions.push_back(static_cast<float>(i % 2) - 0.5f);
    episode.rewards.push_back(-static_cast<float>(i));
  }
  episode.terminated = true;
  return episode;
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

TEST(Episode, ComesBackFromItsFile) {
  const TemporaryFolder folder;
  const Episode episode = episode_of(5);
  ASSERT_TRUE(write_episode(folder.path() / "e", episode));
  const Result<Episode> read = read_episode(folder.path() / "e");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->id, episode.id);
  EXPECT_EQ(read->policy, 3u);
  EXPECT_EQ(read->observations, episode.observations);
  EXPECT_EQ(read->actions, episode.actions);
  EXPECT_EQ(read->rewards, episode.rewards);
  EXPECT_TRUE(read->terminated);
  EXPECT_FALSE(read->success);
}

TEST(Episode, RefusesWhatCannotBe) {
  const TemporaryFolder folder;
  const auto refused = [&](auto change) {
    Episode episode = episode_of(5);
    change(episode);
    EXPECT_TRUE(write_episode(folder.path() / "e", episode));
    const Result<Episode> read = read_episode(folder.path() / "e");
    EXPECT_FALSE(read);
    return read ? "" : read.error().message;
  };
  EXPECT_THAT(refused([](Episode& e) { e.observations.pop_back(); }), HasSubstr("observations"));
  EXPECT_THAT(refused([](Episode& e) { e.actions.push_back(0); }), HasSubstr("actions"));
  EXPECT_THAT(refused([](Episode& e) { e.actions[2] = 1.5f; }), HasSubstr("out of range"));
  EXPECT_THAT(refused([](Episode& e) { e.actions[2] = std::nanf(""); }), HasSubstr("out of range"));
  EXPECT_THAT(refused([](Episode& e) { e.rewards[0] = std::numeric_limits<float>::infinity(); }),
              HasSubstr("not a number"));
  EXPECT_THAT(refused([](Episode& e) { e.observation_size = 1LL << 40; }), HasSubstr("no episode"));
  EXPECT_THAT(refused([](Episode& e) { e.rewards.clear(); }), HasSubstr("no episode"));
  EXPECT_THAT(refused([](Episode& e) { e.id.run.clear(); }), HasSubstr("names"));
}

TEST(Episode, DamageIsFoundWhereverItIs) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_episode(folder.path() / "e", episode_of(3)));
  const std::string good = bytes_of(folder.path() / "e");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    std::ofstream(folder.path() / "bad", std::ios::binary) << bad;
    EXPECT_FALSE(read_episode(folder.path() / "bad")) << "byte " << i;
    std::ofstream(folder.path() / "bad", std::ios::binary) << good.substr(0, i);
    EXPECT_FALSE(read_episode(folder.path() / "bad")) << "cut at " << i;
  }
}

TEST(Outbox, KeepsWhatHasNoReceipt) {
  const TemporaryFolder folder;
  std::string collector;
  {
    auto outbox = Outbox::open(folder.path() / "out", "run one");
    ASSERT_TRUE(outbox) << outbox.error().message;
    collector = outbox->collector();
    EXPECT_EQ(collector.size(), 32u);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox->add(episode_of(2 + i, "run one")));
    EXPECT_THAT(outbox->waiting(), ElementsAre(0u, 1u, 2u));
    outbox->acknowledge(1);
    outbox->acknowledge(99);
  }
  auto again = Outbox::open(folder.path() / "out", "run one");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->collector(), collector);
  EXPECT_THAT(again->waiting(), ElementsAre(0u, 2u));
  again->acknowledge(0);
  again->acknowledge(2);
  auto empty = Outbox::open(folder.path() / "out", "run one");
  ASSERT_TRUE(empty->add(episode_of(1, "run one")));
  EXPECT_THAT(empty->waiting(), ElementsAre(3u)) << "no number is used twice";
}

TEST(Outbox, SetsADamagedEpisodeAside) {
  const TemporaryFolder folder;
  auto outbox = Outbox::open(folder.path(), "run");
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(outbox->add(episode_of(2, "run")));
  const auto file = folder.path() / "00000000.motetepisode";
  const std::string good = *outbox->bytes_of(0);
  std::ofstream(file, std::ios::binary) << good.substr(0, good.size() - 1);
  auto again = Outbox::open(folder.path(), "run");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->damaged(), 1u);
  EXPECT_THAT(again->waiting(), ElementsAre(1u));
  EXPECT_EQ(bytes_of(file.string() + ".damaged").size(), good.size() - 1) << "it is not thrown away";
  EXPECT_EQ(Outbox::open(folder.path(), "run")->damaged(), 0u);
}

TEST(Outbox, IsOfOneTraining) {
  const TemporaryFolder folder;
  ASSERT_TRUE(Outbox::open(folder.path(), "run one"));
  const auto other = Outbox::open(folder.path(), "run two");
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("another training"));
}

TEST(Inbox, KeepsEachEpisodeOnceInTheOrderOfArrival) {
  const TemporaryFolder folder;
  auto outbox = Outbox::open(folder.path() / "out", "run");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox->add(episode_of(2 + i, "run")));
  const auto arrival = [&](std::uint64_t number) {
    return EpisodeArrival{{"run", outbox->collector(), number}, *outbox->bytes_of(number)};
  };
  {
    auto inbox = Inbox::open(folder.path() / "in");
    ASSERT_TRUE(inbox) << inbox.error().message;
    EXPECT_TRUE(*inbox->keep(arrival(2), n, m));
    EXPECT_TRUE(*inbox->keep(arrival(0), n, m));
    EXPECT_FALSE(*inbox->keep(arrival(2), n, m)) << "its receipt was lost, and it came again";
  }
  auto again = Inbox::open(folder.path() / "in");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->size(), 2);
  EXPECT_EQ(again->steps(), 6);
  EXPECT_FALSE(*again->keep(arrival(0), n, m));
  EXPECT_EQ(again->episode(0)->id.number, 2u);
  EXPECT_EQ(again->episode(1)->id.number, 0u);
}

TEST(Inbox, RefusesWhatIsNotOfItsSkill) {
  const TemporaryFolder folder;
  auto outbox = Outbox::open(folder.path() / "out", "run");
  ASSERT_TRUE(outbox->add(episode_of(2, "run")));
  auto inbox = Inbox::open(folder.path() / "in");
  const EpisodeArrival good{{"run", outbox->collector(), 0}, *outbox->bytes_of(0)};
  EXPECT_THAT(inbox->keep(good, n + 1, m).error().message, HasSubstr("3 and 1"));
  EpisodeArrival other = good;
  other.id.number = 5;
  EXPECT_THAT(inbox->keep(other, n, m).error().message, HasSubstr("name of another"));
  EpisodeArrival damaged = good;
  damaged.content.resize(damaged.content.size() / 2);
  EXPECT_FALSE(inbox->keep(damaged, n, m));
  EXPECT_EQ(inbox->size(), 0);
  EXPECT_TRUE(*inbox->keep(good, n, m)) << "after all of these";
}

// --- from the loop ---

// Rewards the position of the axle, ends beyond 1.5.
Bundle rewarding_bundle() {
  Bundle bundle = axle_bundle();
  InstructionProgram& program = bundle.contract.observe;
  program.registers = 4;
  program.constants.push_back({2, 1.5});
  program.code.push_back({.op = Op::gt, .n = 1, .dst = 3, .a = {0}, .b = {2}, .c = {}});
  program.outputs.push_back({"reward", 0, 1});
  program.outputs.push_back({"end", 3, 1});
  return bundle;
}

class EpisodeWriterTest : public testing::Test {
 protected:
  void run(std::int64_t horizon, std::function<void()> woken = {},
           const Bundle& bundle = rewarding_bundle()) {
    auto controller = Controller::make(bundle, {});
    ASSERT_TRUE(controller) << controller.error().message;
    writer_ = std::make_unique<EpisodeWriter>((*controller)->contract(), horizon);
    LoopOptions options;
    options.seconds = 10;
    Loop loop(**controller, link_, clock_, options);
    loop.observe_with(*writer_);
    ASSERT_TRUE(loop.activate());
    clock_.woken = std::move(woken);
    reason_ = loop.run(requests_).reason;
  }
  // The position is the number of control steps, in tenths of a thousandth.
  std::function<void()> counting() {
    return [this] { link_.values[0] = std::round((clock_.time - 100) / 0.02) * 1e-3; };
  }
  FakeClock clock_;
  FakeLink link_{clock_};
  LoopRequests requests_;
  std::unique_ptr<EpisodeWriter> writer_;
  StopReason reason_{};
};

TEST_F(EpisodeWriterTest, RewardsBelongToTheActionsBefore) {
  run(20, counting());
  EXPECT_EQ(reason_, StopReason::finished);
  const auto episode = writer_->episode();
  ASSERT_TRUE(episode);
  EXPECT_EQ(episode->steps(), 20);
  EXPECT_EQ(episode->observations.size(), 21u * 2);
  EXPECT_FALSE(episode->terminated) << "a horizon is no end of its own";
  for (std::size_t i = 0; i < 20; ++i) {
    // The first observation is that of the activation.
    EXPECT_FLOAT_EQ(episode->rewards[i], static_cast<float>(i + 1) * 1e-3f);
    EXPECT_EQ(episode->rewards[i], episode->observations[2 * (i + 1)]);
  }
}

TEST_F(EpisodeWriterTest, EndsByTheProgramsRules) {
  run(200, [this] { link_.values[0] = clock_.time >= 100.5 - 1e-9 ? 1.6 : 0; });
  const auto episode = writer_->episode();
  ASSERT_TRUE(episode);
  EXPECT_TRUE(episode->terminated);
  EXPECT_EQ(episode->steps(), 25);
  EXPECT_EQ(episode->rewards.back(), 1.6f);
}

// What came before the gap is a good episode that was cut, and bootstraps.
TEST_F(EpisodeWriterTest, IsCutWhereThePolicyCouldNotAct) {
  run(200, [this] {
    link_.fresh = clock_.time < 101;
    link_.measured_at = 101;
  });
  EXPECT_EQ(writer_->interruption(), "the link failed");
  const auto episode = writer_->episode();
  ASSERT_TRUE(episode);
  EXPECT_FALSE(episode->terminated);
  EXPECT_NEAR(static_cast<double>(episode->steps()), 51, 2);
  EXPECT_EQ(episode->observations.size(), static_cast<std::size_t>(episode->steps() + 1) * 2);
}

// Such an episode would be refused by its workstation, each time that it is brought.
TEST_F(EpisodeWriterTest, IsCutWhereItsRewardIsTooLarge) {
  Bundle bundle = rewarding_bundle();
  InstructionProgram& program = bundle.contract.observe;
  program.registers = 5;
  program.constants.back().value = 1e39;
  program.code.push_back({.op = Op::mul, .n = 1, .dst = 4, .a = {0}, .b = {2}, .c = {}});
  for (Output& output : program.outputs)
    if (output.name == "reward") output.reg = 4;
  run(
      200, [this] { link_.values[0] = clock_.time >= 100.5 - 1e-9 ? 1 : 0; }, bundle);
  EXPECT_EQ(writer_->interruption(), "its reward is not a number");
  auto episode = writer_->episode();
  ASSERT_TRUE(episode);
  EXPECT_EQ(episode->steps(), 24);
  const TemporaryFolder folder;
  episode->id = {"run", "somebody", 0};
  ASSERT_TRUE(write_episode(folder.path() / "e", *episode));
  EXPECT_TRUE(read_episode(folder.path() / "e"));
}

TEST_F(EpisodeWriterTest, IsNothingBeforeItsFirstStep) {
  requests_.finish = true;
  run(20);
  EXPECT_FALSE(writer_->episode());
}

}  // namespace
}  // namespace motet
