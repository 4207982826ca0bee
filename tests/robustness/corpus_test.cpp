// Everything the fuzzers found worth keeping, once more.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "bundle_target.h"
#include "episode_target.h"
#include "link_target.h"
#include "plan_target.h"
#include "recording_target.h"
#include "xml_target.h"

namespace motet {
namespace {

// Calls `target` with each file of a corpus.
template <typename Target>
void replay(const std::string& corpus, Target target) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(MOTET_SOURCE_DIR "/tests/robustness/corpus/" + corpus)) {
    SCOPED_TRACE(entry.path().string());
    std::ifstream stream(entry.path(), std::ios::binary);
    target(std::string(std::istreambuf_iterator<char>(stream), {}));
    ++files;
  }
  EXPECT_GT(files, 0);
}

TEST(Corpus, Bundle) {
  replay("bundle", try_bundle);
}
TEST(Corpus, Episode) {
  replay("episode", try_episode);
}
TEST(Corpus, Link) {
  replay("link", try_link);
}
TEST(Corpus, Plan) {
  replay("plan", try_plan);
}
TEST(Corpus, Recording) {
  replay("recording", try_recording);
}
TEST(Corpus, Xml) {
  replay("xml", try_xml);
}

}  // namespace
}  // namespace motet
