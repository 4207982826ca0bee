#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "runtime/archive/memory.h"
#include "runtime/learning/replay.h"

namespace motet {
namespace {

// Transition number i: every value tells which it is.
void add(ReplayBuffer& replay, int i) {
  const float x = static_cast<float>(i);
  const std::array<float, 2> observation{x, x + 0.1f}, next{x + 0.2f, x + 0.3f};
  const std::array<float, 1> action{x + 0.4f};
  replay.add({observation, action, x + 0.5f, next, i % 2 == 0});
}

TEST(ReplayBuffer, GivesBackWhatWasStored) {
  auto replay = ReplayBuffer::make(10, 2, 1);
  ASSERT_TRUE(replay);
  EXPECT_EQ(replay->size(), 0);
  add(*replay, 3);
  EXPECT_EQ(replay->size(), 1);
  TransitionBatch batch(4, 2, 1);
  replay->gather(std::vector<std::int64_t>(4, 0), batch);
  EXPECT_EQ(batch.observation, (std::vector<float>{3, 3.1f, 3, 3.1f, 3, 3.1f, 3, 3.1f}));
  EXPECT_EQ(batch.next_observation[1], 3.3f);
  EXPECT_EQ(batch.action, (std::vector<float>(4, 3.4f)));
  EXPECT_EQ(batch.reward, (std::vector<float>(4, 3.5f)));
  EXPECT_EQ(batch.terminated, (std::vector<float>(4, 0)));
}

TEST(ReplayBuffer, ForgetsTheOldest) {
  auto replay = ReplayBuffer::make(10, 2, 1);
  for (int i = 0; i < 23; ++i) add(*replay, i);
  EXPECT_EQ(replay->size(), 10);
  EXPECT_EQ(replay->added(), 23);
  std::vector<std::int64_t> slots(10);
  std::iota(slots.begin(), slots.end(), 0);
  TransitionBatch batch(10, 2, 1);
  replay->gather(slots, batch);
  for (std::size_t i = 0; i < 10; ++i) {
    const int number = static_cast<int>(batch.observation[2 * i]);
    EXPECT_EQ(number % 10, static_cast<int>(i));
    EXPECT_GE(number, 13);
    EXPECT_EQ(batch.terminated[i], number % 2 == 0 ? 1 : 0);
  }
}

TEST(ReplayBuffer, SizeIsFourBytesANumber) {
  EXPECT_EQ(ReplayBuffer::bytes(1'000'000, 17, 6), 1'000'000LL * (17 + 6 + 1 + 17 + 1) * 4);
}

TEST(ReplayBuffer, RefusesWhatMemoryWillNotHold) {
  const auto replay = ReplayBuffer::make(1'000'000'000'000, 100, 10);
  ASSERT_FALSE(replay);
  EXPECT_NE(replay.error().message.find("1000000000000 transitions takes 848 TB"), std::string::npos)
      << replay.error().message;
  EXPECT_NE(replay.error().message.find("lower `replay`"), std::string::npos);
}

TEST(ReplayBuffer, BytesInWords) {
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1500), "1.5 kB");
  EXPECT_EQ(format_bytes(168'000'000), "168 MB");
  EXPECT_EQ(format_bytes(3'140'000'000), "3.1 GB");
}

}  // namespace
}  // namespace motet
