// Replays the fuzzer's corpus, with the inputs that once failed.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "parse_properties.h"

namespace motet::testing {
namespace {

TEST(ParseCorpus, Replays) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(MOTET_SOURCE_DIR "/tests/robustness/corpus/parse")) {
    std::stringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    EXPECT_EQ(broken_parse_property(text.str()), "") << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0);
}

// Each prefix of a program, and the program without each of its bytes: what editors see.
TEST(ParseCorpus, ProgramsInTheMakingAreRead) {
  for (const char* name : {"pushing.motet", "everything.motet"}) {
    std::stringstream buffer;
    buffer << std::ifstream(std::string(MOTET_SOURCE_DIR "/tests/golden/programs/") + name).rdbuf();
    const std::string text = buffer.str();
    ASSERT_FALSE(text.empty()) << name;
    for (std::size_t i = 0; i < text.size(); i += 7) {
      EXPECT_EQ(broken_parse_property(text.substr(0, i)), "");
      EXPECT_EQ(broken_parse_property(text.substr(0, i) + text.substr(i + 1)), "");
    }
  }
}

}  // namespace
}  // namespace motet::testing
