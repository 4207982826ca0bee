#include "runtime/archive/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <bit>
#include <csignal>
#include <cstring>
#include <limits>

#include "runtime/archive/crc32c.h"
#include "temporary_folder.h"

namespace motet {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

std::uint32_t checksum(std::string_view text) {
  return crc32c(std::as_bytes(std::span<const char>(text)));
}

// The examples of RFC 3720, B.4.
TEST(Crc32c, PublishedValues) {
  EXPECT_EQ(checksum("123456789"), 0xE3069283u);
  EXPECT_EQ(checksum(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(checksum(std::string(32, '\xFF')), 0x62A8AB43u);
  std::string ascending;
  for (int i = 0; i < 32; ++i) ascending += static_cast<char>(i);
  EXPECT_EQ(checksum(ascending), 0x46DD794Eu);
  EXPECT_EQ(checksum(""), 0u);
}

TEST(Crc32c, InPiecesAndBitByBit) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += static_cast<char>(i * 37 + i * i);
  std::uint32_t slow = ~0u;
  for (const char c : text) {
    slow ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) slow = (slow >> 1) ^ (slow & 1 ? 0x82F63B78u : 0u);
  }
  EXPECT_EQ(checksum(text), ~slow);
  const auto bytes = std::as_bytes(std::span<const char>(text));
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(crc32c(bytes.subspan(cut), crc32c(bytes.first(cut))), ~slow) << cut;
  }
}

// --- sections ---------------------------------------------------------------------------------

Archive example() {
  Archive archive;
  archive.put<double>("numbers", std::vector<double>{1, -0.0, 0.1, std::numeric_limits<double>::infinity()});
  archive.put<float>("empty", std::vector<float>{});
  archive.put_value("count", std::int64_t{42});
  archive.put_text("name", "a \"text\"\n");
  return archive;
}

TEST(Archive, GivesBackWhatWasPut) {
  const Archive archive = example();
  std::vector<double> numbers(4);
  ASSERT_TRUE(archive.get("numbers", std::span(numbers)));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(numbers[1]), std::bit_cast<std::uint64_t>(-0.0));
  EXPECT_EQ(numbers[2], 0.1);
  std::int64_t count = 0;
  ASSERT_TRUE(archive.get_value("count", count));
  EXPECT_EQ(count, 42);
  EXPECT_EQ(*archive.get_text("name"), "a \"text\"\n");
  std::span<float> nothing;
  EXPECT_TRUE(archive.get("empty", nothing));
  EXPECT_TRUE(archive.has("empty"));
  EXPECT_EQ(archive.size_of("numbers"), 32u);
  EXPECT_EQ(archive.size_of("none"), 0u);
}

TEST(Archive, PutAgainReplaces) {
  Archive archive = example();
  archive.put_value("count", 1.5f);
  EXPECT_EQ(archive.size_of("count"), 4u);
}

TEST(Archive, AMissingSectionAndOneOfAnotherSizeAreErrors) {
  const Archive archive = example();
  double value = 7;
  const Status missing = archive.get_value("none", value);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("none"));
  const Status other = archive.get_value("numbers", value);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("32 bytes, not 8"));
  EXPECT_EQ(value, 7);
  EXPECT_FALSE(archive.get_text("none"));
}

// --- files ------------------------------------------------------------------------------------

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::string refusal(const fs::path& file) {
  const Result<Archive> archive = Archive::read(file);
  return archive ? "" : archive.error().message;
}

TEST(ArchiveFile, RoundTrip) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a.bin";
  ASSERT_TRUE(example().write(file));
  const Result<Archive> archive = Archive::read(file);
  ASSERT_TRUE(archive) << archive.error().message;
  EXPECT_EQ(*archive->get_text("name"), "a \"text\"\n");
  EXPECT_EQ(archive->size_of("numbers"), 32u);
  EXPECT_TRUE(archive->has("empty"));
  // Written again, it is the same file.
  ASSERT_TRUE(archive->write(folder.path() / "b.bin"));
  EXPECT_EQ(content(file), content(folder.path() / "b.bin"));
}

TEST(ArchiveFile, AnEmptyArchive) {
  const TemporaryFolder folder;
  ASSERT_TRUE(Archive().write(folder.path() / "a.bin"));
  EXPECT_TRUE(Archive::read(folder.path() / "a.bin"));
}

TEST(ArchiveFile, EveryTruncationIsRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(example().write(folder.path() / "a.bin"));
  const std::string whole = content(folder.path() / "a.bin");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string message = refusal(folder.write("cut" + std::to_string(size), whole.substr(0, size)));
    EXPECT_THAT(message, HasSubstr(size == 0 ? "empty" : size < 32 ? "no archive" : "cut short")) << size;
  }
  EXPECT_THAT(refusal(folder.write("long.bin", whole + "x")), HasSubstr("corrupted"));
}

TEST(ArchiveFile, EveryFlippedByteIsRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(example().write(folder.path() / "a.bin"));
  const std::string whole = content(folder.path() / "a.bin");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    EXPECT_NE(refusal(folder.write(std::to_string(at), damaged)), "") << at;
  }
}

TEST(ArchiveFile, EachReasonHasItsMessage) {
  const TemporaryFolder folder;
  ASSERT_TRUE(example().write(folder.path() / "a.bin"));
  const std::string whole = content(folder.path() / "a.bin");
  EXPECT_THAT(refusal(folder.path() / "none.bin"), HasSubstr("No such file"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(folder.write("foreign", std::string(100, 'x'))), HasSubstr("no archive of Motet's"));
  std::string newer = whole;
  newer[8] = 2;
  EXPECT_THAT(refusal(folder.write("newer", newer)), HasSubstr("newer version"));
  std::string damaged = whole;
  damaged.back() ^= 1;
  EXPECT_THAT(refusal(folder.write("damaged", damaged)), HasSubstr("corrupted (section numbers)"));
  EXPECT_THAT(refusal(folder.write("damaged", damaged)), HasSubstr((folder.path() / "damaged").string()));
}

// A header and a table that agree with each other and with the checksum, and ask for what is not
// there.
std::string forge(std::uint64_t table_size, std::uint64_t file_size, std::uint32_t sections,
                  std::string_view table, std::size_t padding) {
  std::string text = "MOTETARC";
  const auto put = [&](auto value) { text.append(reinterpret_cast<const char*>(&value), sizeof value); };
  put(std::uint32_t{1});
  put(sections);
  put(table_size);
  put(file_size);
  text += table;
  put(checksum(text));
  return text + std::string(padding, '\0');
}

TEST(ArchiveFile, SizesAreCheckedBeforeMemoryIsTaken) {
  const TemporaryFolder folder;
  const auto entry = [](std::uint64_t size, std::uint32_t name_size) {
    std::string text(16, '\0');
    std::memcpy(text.data(), &size, 8);
    std::memcpy(text.data() + 12, &name_size, 4);
    return text;
  };
  constexpr std::uint64_t huge = ~std::uint64_t{0};
  EXPECT_THAT(refusal(folder.write("a", forge(0, huge, 0, "", 0))), HasSubstr("cut short"));
  EXPECT_THAT(refusal(folder.write("b", forge(huge, 36, 0, "", 0))), HasSubstr("over the limit"));
  EXPECT_THAT(refusal(folder.write("c", forge(60'000'000, 36, 0, "", 0))), HasSubstr("corrupted (table)"));
  EXPECT_THAT(refusal(folder.write("d", forge(16, 52, 1, entry(huge, 0), 0))),
              HasSubstr("corrupted (table)"));
  EXPECT_THAT(refusal(folder.write("e", forge(16, 52, 1, entry(0, ~0u), 0))), HasSubstr("corrupted (table)"));
  EXPECT_THAT(refusal(folder.write("f", forge(16, 52, ~0u, entry(0, 0), 0))), HasSubstr("corrupted (table)"));
  EXPECT_THAT(refusal(folder.write("g", forge(32, 68 + 8, 2, entry(8, 0) + entry(huge - 7, 0), 8))),
              HasSubstr("corrupted (table)"));
  EXPECT_THAT(refusal(folder.write("h", forge(32, 68, 2, entry(0, 0) + entry(0, 0), 0))), HasSubstr("twice"));
}

TEST(ArchiveFile, AFileLargerThanMemoryIsRefused) {
  const TemporaryFolder folder;
  constexpr std::uint64_t size = std::uint64_t{1} << 42;
  const fs::path file = folder.write("sparse", forge(0, size, 0, "", 0));
  std::error_code error;
  fs::resize_file(file, size, error);
  if (error) GTEST_SKIP() << "this file system has no such large files";
  EXPECT_THAT(refusal(file), HasSubstr("more than this machine's memory"));
}

// --- writing ----------------------------------------------------------------------------------

std::vector<std::string> names(const fs::path& folder) {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path().filename().string());
  std::sort(all.begin(), all.end());
  return all;
}

// In this scope a file cannot grow beyond `size`, as on a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t size) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = size;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(WriteFile, AFullDiskLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  const fs::path file = folder.write("a.bin", "old");
  Archive large;
  large.put<char>("data", std::vector<char>(100'000));
  Status status;
  {
    const FullDisk full(50'000);
    status = large.write(file);
  }
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr(file.string()));
  EXPECT_EQ(content(file), "old");
  EXPECT_THAT(names(folder.path()), testing::ElementsAre("a.bin"));
  EXPECT_TRUE(large.write(file));
}

TEST(WriteFile, AFolderThatIsNotThere) {
  const TemporaryFolder folder;
  const Status status = write_file(folder.path() / "none" / "a.txt", "text");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("No such file"));
}

TEST(WriteFile, AFolderInPlaceOfTheFile) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "a");
  EXPECT_FALSE(write_file(folder.path() / "a", "text"));
  EXPECT_THAT(names(folder.path()), testing::ElementsAre("a"));
}

TEST(WriteFile, ReplacesAndWritesOverWhatAKillLeft) {
  const TemporaryFolder folder;
  const fs::path file = folder.write("a.txt", "old and longer");
  folder.write("a.txt.tmp", "half of a file that was never finished");
  ASSERT_TRUE(write_file(file, "new"));
  EXPECT_EQ(content(file), "new");
  EXPECT_THAT(names(folder.path()), testing::ElementsAre("a.txt"));
  ASSERT_TRUE(write_file(file, ""));
  EXPECT_THAT(content(file), IsEmpty());
}

TEST(WriteFile, NeverFollowsALinkPutInItsWay) {
  const TemporaryFolder folder;
  const fs::path other = folder.write("other.txt", "precious");
  fs::create_symlink(other, folder.path() / "a.txt.tmp");
  EXPECT_FALSE(write_file(folder.path() / "a.txt", "text"));
  EXPECT_EQ(content(other), "precious");
}

}  // namespace
}  // namespace motet
