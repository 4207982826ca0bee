#include "runtime/bundle/tar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "temporary_folder.h"

namespace motet {
namespace {

using testing::HasSubstr;

const std::vector<TarMember> some = {
    {"a.txt", "hello\n"}, {"folder/b", std::string(513, 'b')}, {"empty", ""}};

std::string bytes_of(const std::vector<TarMember>& members) {
  const Result<std::string> bytes = to_tar(members);
  EXPECT_TRUE(bytes);
  return bytes ? *bytes : "";
}

std::string refusal(std::string_view bytes) {
  const auto members = from_tar(bytes);
  return members ? "" : members.error().message;
}

TEST(Tar, ComesBack) {
  const auto members = from_tar(bytes_of(some));
  ASSERT_TRUE(members) << members.error().message;
  ASSERT_EQ(members->size(), some.size());
  for (std::size_t i = 0; i < some.size(); ++i) {
    EXPECT_EQ((*members)[i].name, some[i].name);
    EXPECT_EQ((*members)[i].content, some[i].content);
  }
}

TEST(Tar, CutsLongNamesInTwo) {
  const std::string name = std::string(120, 'd') + "/" + std::string(90, 'f');
  const auto members = from_tar(bytes_of({{name, "x"}}));
  ASSERT_TRUE(members);
  EXPECT_EQ((*members)[0].name, name);
  EXPECT_FALSE(to_tar({{std::string(101, 'f'), ""}}));
}

// The system's tar reads it, and it reads the system's.
TEST(Tar, IsTheSystems) {
  const TemporaryFolder folder;
  const std::string here = "cd " + folder.path().string() + " && ";
  std::ofstream(folder.path() / "ours.tar", std::ios::binary) << bytes_of(some);
  ASSERT_EQ(std::system((here +
                         "tar xf ours.tar && [ \"$(cat a.txt)\" = hello ] && [ $(wc -c <folder/b) = 513 ] && "
                         "tar cf theirs.tar --format=ustar a.txt folder/b")
                            .c_str()),
            0);
  std::ifstream input(folder.path() / "theirs.tar", std::ios::binary);
  const std::string theirs((std::istreambuf_iterator<char>(input)), {});
  const auto members = from_tar(theirs);
  ASSERT_TRUE(members) << members.error().message;
  EXPECT_EQ((*members)[1].content, some[1].content);
}

TEST(Tar, RefusesNamesThatLeaveTheFolder) {
  for (const char* name : {"", "/a", "../a", "a/../b", "a/./b", "a//b", "a\\b", "a\nb", "a/"})
    EXPECT_FALSE(to_tar({{name, ""}})) << name;
  // The same from a stranger: "a.txt" becomes "../xt", with its sum.
  std::string bytes = bytes_of({{"abcde", ""}});
  bytes.replace(0, 5, "../ab");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i)
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(bytes[i]);
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  bytes.replace(148, 7, text, 7);
  EXPECT_THAT(refusal(bytes), HasSubstr("leaves its folder"));
}

TEST(Tar, RefusesEveryTruncation) {
  const std::string bytes = bytes_of(some);
  for (std::size_t size = 0; size + 1 < bytes.size(); ++size)
    EXPECT_NE(refusal(std::string_view(bytes).substr(0, size)), "") << size;
}

TEST(Tar, SurvivesEveryDamage) {
  const std::string bytes = bytes_of(some);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {1, 8, 128}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ bit);
      refusal(damaged);
    }
  }
}

TEST(Tar, RefusesWhatIsThereTwice) {
  EXPECT_THAT(refusal(bytes_of({{"a", "1"}, {"a", "2"}})), HasSubstr("twice"));
}

TEST(Tar, RefusesWhatIsBehindItsEnd) {
  EXPECT_THAT(refusal(bytes_of(some) + std::string(511, '\0') + "x"), HasSubstr("behind its end"));
  EXPECT_EQ(refusal(bytes_of(some) + std::string(8192, '\0')), "");
}

}  // namespace
}  // namespace motet
