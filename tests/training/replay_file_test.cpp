#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "runtime/learning/replay_file.h"
#include "temporary_folder.h"

namespace motet {
namespace {

constexpr std::int64_t capacity = 20, slack = 7;

class ReplayFileTest : public ::testing::Test {
 protected:
  static ReplayBuffer buffer() { return std::move(*ReplayBuffer::make(capacity, 2, 1)); }
  static void add(ReplayBuffer& replay, int count) {
    for (int i = 0; i < count; ++i) {
      const float x = static_cast<float>(replay.added());
      const std::array<float, 2> observation{x, -x}, next{x + 1, -x - 1};
      const std::array<float, 1> action{2 * x};
      replay.add({observation, action, x * x, next, false});
    }
  }
  ReplayFile::Layout layout(std::uint64_t owner = 5) const { return {capacity, slack, 7, owner}; }

  // What is read at `added` is what was added first.
  void expect_readable(std::int64_t added) {
    ReplayBuffer replay = buffer();
    const auto file = ReplayFile::open(path, layout(), added, replay);
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_EQ(replay.added(), added);
    for (std::int64_t i = added - replay.size(); i < added; ++i) {
      EXPECT_EQ(replay.row(i)[0], static_cast<float>(i));
      EXPECT_EQ(replay.row(i)[2], static_cast<float>(2 * i));
    }
  }
  std::string refusal(std::int64_t added, const ReplayFile::Layout& as) {
    ReplayBuffer replay = buffer();
    const auto file = ReplayFile::open(path, as, added, replay);
    return file ? "" : file.error().message;
  }

  TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "replay.bin";
};

// Every write leaves what the checkpoint before it needs: that is how a killed run goes on.
TEST_F(ReplayFileTest, TheCheckpointBeforeStaysReadable) {
  auto file = ReplayFile::create(path, layout());
  ASSERT_TRUE(file);
  ReplayBuffer replay = buffer();
  std::int64_t before = 0;
  for (const int count : {3, 7, 0, 5, 7, 7, 7, 1, 7, 7, 6, 7}) {
    add(replay, count);
    ASSERT_TRUE(file->write(replay));
    expect_readable(before);
    expect_readable(replay.added());
    before = replay.added();
  }
}

TEST_F(ReplayFileTest, GoesOnAfterItWasRead) {
  ReplayBuffer replay = buffer();
  {
    auto file = ReplayFile::create(path, layout());
    add(replay, 6);
    ASSERT_TRUE(file->write(replay));
    add(replay, 7);  // killed after the write, before the checkpoint
    ASSERT_TRUE(file->write(replay));
  }
  ReplayBuffer resumed = buffer();
  auto file = ReplayFile::open(path, layout(), 6, resumed);
  ASSERT_TRUE(file);
  for (const int count : {7, 7, 7, 7}) {
    add(resumed, count);
    ASSERT_TRUE(file->write(resumed));
    expect_readable(resumed.added());
  }
}

TEST_F(ReplayFileTest, RefusesWhatIsNotItsOwn) {
  auto file = ReplayFile::create(path, layout());
  ReplayBuffer replay = buffer();
  add(replay, 7);
  ASSERT_TRUE(file->write(replay));
  EXPECT_EQ(refusal(7, layout()), "");
  EXPECT_NE(refusal(7, layout(6)).find("belongs to another training"), std::string::npos);
  EXPECT_NE(refusal(8, layout()).find("is cut short"), std::string::npos);
}

TEST_F(ReplayFileTest, SeesDamage) {
  auto file = ReplayFile::create(path, layout());
  ReplayBuffer replay = buffer();
  add(replay, 7);
  ASSERT_TRUE(file->write(replay));
  std::fstream raw(path, std::ios::in | std::ios::out | std::ios::binary);
  raw.seekp(4096 + 3 * 32 + 5);
  raw.put(0x55);
  raw.close();
  EXPECT_NE(refusal(7, layout()).find("is damaged: transition 3"), std::string::npos);
  std::filesystem::resize_file(path, 4096 + 2 * 32);
  EXPECT_NE(refusal(7, layout()).find("is cut short"), std::string::npos);
  std::ofstream(path) << std::string(5000, 'x');
  EXPECT_NE(refusal(7, layout()).find("is not a replay"), std::string::npos);
  std::filesystem::remove(path);
  EXPECT_NE(refusal(7, layout()).find("is missing"), std::string::npos);
}

}  // namespace
}  // namespace motet
