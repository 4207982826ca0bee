// Policies to a robot and episodes from it, over the network.

#include "runtime/collection/courier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bus_fixture.h"
#include "runtime/collection/workstation.h"
#include "temporary_folder.h"

namespace motet {
namespace {

using namespace dds::test;
using namespace std::chrono_literals;
using testing::HasSubstr;

Episode episode_of(const std::string& run) {
  Episode episode;
  episode.id.run = run;
  episode.observation_size = 2;
  episode.action_size = 1;
  episode.observations = {1, 2, 3, 4};
  episode.actions = {0.5f};
  episode.rewards = {-1};
  return episode;
}

class CourierTest : public testing::Test {
 protected:
  std::unique_ptr<Courier> courier() { return std::move(*Courier::make(domain(), folder_.path())); }
  std::unique_ptr<Workstation> workstation() { return std::move(*Workstation::join(domain())); }
  static PolicyOffer offer(const std::string& run, std::uint64_t version) {
    return {
        .run = run, .version = version, .random = true, .finished = false, .horizon = 7, .bundle = "bytes"};
  }
  static bool has_policy(const Courier& courier, std::uint64_t version) {
    return within(10s, [&] {
      const auto policy = courier.policy();
      return policy && policy->version == version;
    });
  }
  const TemporaryFolder folder_;
  const std::string run_ = new_identity();
};

TEST_F(CourierTest, ThePolicyComesToWhoeverComesLater) {
  auto desk = workstation();
  ASSERT_TRUE(desk->offer(offer(run_, 1)));
  ASSERT_TRUE(desk->offer(offer(run_, 2)));
  const auto robot = courier();
  ASSERT_TRUE(has_policy(*robot, 2));
  EXPECT_EQ(robot->policy()->horizon, 7);
  EXPECT_EQ(robot->policy()->bundle, "bytes");
  EXPECT_TRUE(robot->policy()->random);
}

TEST_F(CourierTest, EpisodesAreBroughtUntilTheyAreAcknowledged) {
  auto desk = workstation();
  const auto robot = courier();
  ASSERT_TRUE(desk->offer(offer(run_, 1)));
  ASSERT_TRUE(has_policy(*robot, 1));
  ASSERT_TRUE(robot->add(episode_of(run_)));
  const auto first = desk->receive(10);
  ASSERT_TRUE(first);
  const auto again = desk->receive(10);
  ASSERT_TRUE(again) << "without a receipt it comes again";
  EXPECT_EQ(first->id, again->id);
  desk->acknowledge(first->id);
  EXPECT_TRUE(within(10s, [&] { return robot->waiting() == 0; }));
}

TEST_F(CourierTest, NothingIsLostWhereBothSidesDie) {
  {
    auto desk = workstation();
    const auto robot = courier();
    ASSERT_TRUE(desk->offer(offer(run_, 1)));
    ASSERT_TRUE(has_policy(*robot, 1));
    ASSERT_TRUE(robot->add(episode_of(run_)));
    ASSERT_TRUE(robot->add(episode_of(run_)));
  }
  auto desk = workstation();
  const auto robot = courier();
  ASSERT_TRUE(desk->offer(offer(run_, 2)));
  ASSERT_TRUE(has_policy(*robot, 2));
  EXPECT_EQ(robot->waiting(), 2u);
  EXPECT_TRUE(desk->receive(10));
}

TEST_F(CourierTest, AnotherTrainingDoesNotTakeTheRobotOver) {
  auto desk = workstation();
  const auto robot = courier();
  ASSERT_TRUE(desk->offer(offer(run_, 1)));
  ASSERT_TRUE(has_policy(*robot, 1));
  auto other = workstation();
  ASSERT_TRUE(other->offer(offer(new_identity(), 9)));
  std::string notice;
  EXPECT_TRUE(within(10s, [&] {
    if (notice.empty()) notice = robot->notice();
    return !notice.empty();
  }));
  EXPECT_THAT(notice, HasSubstr("another training"));
  EXPECT_EQ(robot->policy()->run, run_);
}

// A name that would leave the folder, or is none.
TEST_F(CourierTest, StrangeNamesAreNotListenedTo) {
  auto desk = workstation();
  const auto robot = courier();
  for (const std::string& name :
       {std::string("../../../../tmp/elsewhere12345678"), std::string(32, '/'), std::string()})
    ASSERT_TRUE(desk->offer(offer(name, 1)));
  ASSERT_TRUE(desk->offer(offer(run_, 5)));
  ASSERT_TRUE(has_policy(*robot, 5));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    EXPECT_EQ(entry.path().filename(), run_);
}

}  // namespace
}  // namespace motet
