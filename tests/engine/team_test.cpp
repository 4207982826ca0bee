#include "runtime/engine/team.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <vector>

namespace motet {
namespace {

TEST(TeamTest, EveryTaskIsDoneOnceWhoeverDoesIt) {
  for (const int members : {1, 2, 5}) {
    Team team(members);
    EXPECT_EQ(team.members(), members);
    for (long count = 0; count < 40; ++count) {
      std::vector<int> done(static_cast<std::size_t>(count));
      team.each(count, [&](long i, int member) {
        ASSERT_GE(member, 0);
        ASSERT_LT(member, members);
        ++done[static_cast<std::size_t>(i)];
      });
      EXPECT_EQ(std::accumulate(done.begin(), done.end(), 0L), count);
    }
  }
}

// A job's tasks are never mixed with the next one's, however fast they follow.
TEST(TeamTest, JobsFollowEachOther) {
  Team team(3);
  std::vector<long> values(7);
  for (long job = 0; job < 20'000; ++job)
    team.each(7, [&](long i, int) { values[static_cast<std::size_t>(i)] += job; });
  for (const long value : values) EXPECT_EQ(value, 20'000L * 19'999 / 2);
}

TEST(TeamTest, OneGoesAsideWhileTheOthersWork) {
  for (const int members : {1, 2, 4}) {
    Team team(members);
    long aside = 0, beside = 0;
    for (int round = 0; round < 2000; ++round) {
      team.start([&] { aside += round; });
      std::vector<long> values(4);
      team.each(4, [&](long i, int) { values[static_cast<std::size_t>(i)] = i; });
      beside += values[3];
      if (round % 3 != 0) team.finish();
      team.finish();
    }
    EXPECT_EQ(aside, 2000L * 1999 / 2);
    EXPECT_EQ(beside, 6000);
  }
}

TEST(TeamTest, WakesAfterALongRest) {
  Team team(2);
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    long done = 0;
    team.start([&] { ++done; });
    team.finish();
    EXPECT_EQ(done, 1);
  }
}

}  // namespace
}  // namespace motet
