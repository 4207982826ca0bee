#include <gtest/gtest.h>

#include <fstream>

#include "runtime/learning/checkpoint.h"
#include "temporary_folder.h"

namespace motet {
namespace {

class CheckpointIdentity : public ::testing::Test {
 protected:
  CheckpointIdentity() {
    skill.name = "reach";
    skill.hash = "abc";
    Archive archive;
    sign_checkpoint(archive, skill, 3);
    EXPECT_TRUE(archive.write(checkpoint_file(folder.path())));
  }
  std::string refusal(std::uint64_t seed = 3) {
    const auto archive = read_checkpoint(folder.path(), skill, seed);
    return archive ? "" : archive.error().message;
  }
  void expect_refusal(const std::string& why, std::uint64_t seed = 3) {
    EXPECT_NE(refusal(seed).find(why), std::string::npos) << refusal(seed);
    EXPECT_NE(refusal(seed).find("--force"), std::string::npos) << refusal(seed);
    EXPECT_NE(refusal(seed).find("checkpoint.bin"), std::string::npos) << refusal(seed);
  }

  TemporaryFolder folder;
  SkillPlan skill;
};

TEST_F(CheckpointIdentity, ItsOwnIsRead) {
  EXPECT_EQ(refusal(), "");
}

TEST_F(CheckpointIdentity, AnotherSeed) {
  expect_refusal("was trained with seed 3, not 4", 4);
}

TEST_F(CheckpointIdentity, AChangedProgram) {
  skill.hash = "abd";
  expect_refusal("was written before `reach` or something below it was changed");
}

TEST_F(CheckpointIdentity, AnotherSkill) {
  skill.name = "push";
  expect_refusal("belongs to the skill `reach`, not to `push`");
}

TEST_F(CheckpointIdentity, AnArchiveOfAnotherKind) {
  Archive archive;
  archive.put_text("something", "else");
  ASSERT_TRUE(archive.write(checkpoint_file(folder.path())));
  expect_refusal("is not a checkpoint of a skill");
}

TEST_F(CheckpointIdentity, ANewerVersion) {
  Archive archive;
  sign_checkpoint(archive, skill, 3);
  archive.put_value("checkpoint/version", std::int64_t{2});
  ASSERT_TRUE(archive.write(checkpoint_file(folder.path())));
  expect_refusal("has format 2, and this program reads 1");
}

TEST_F(CheckpointIdentity, NoCheckpoint) {
  std::ofstream(checkpoint_file(folder.path())) << "not an archive at all";
  EXPECT_NE(refusal(), "");
}

}  // namespace
}  // namespace motet
