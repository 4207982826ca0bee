#include "compiler/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace motet {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::vector<std::string> file_names(const TemporaryFolder& folder, const std::filesystem::path& file) {
  Result<std::vector<std::filesystem::path>> files = model_files(file);
  if (!files) return {files.error().message};
  std::vector<std::string> names;
  for (const auto& each : *files) names.push_back(each.lexically_relative(folder.path()).generic_string());
  return names;
}

TEST(ModelFiles, FollowsIncludesAndAssetFolders) {
  const TemporaryFolder folder;
  const auto file = folder.write("scene.xml", R"(<mujoco>
    <include file="parts/robot.xml"/>
    <asset>
      <texture name="t" type="2d" file="wood.png"/>
      <hfield name="h" file="hills.png" size="1 1 1 1"/>
    </asset>
    <!-- <include file="not_this.xml"/> -->
  </mujoco>)");
  folder.write("parts/robot.xml", R"(<mujoco>
    <compiler meshdir="meshes" texturedir="textures"/>
    <asset><mesh file="arm.stl"/><mesh name="again" file="arm.stl"/></asset>
    <include file="parts/legs.xml"/>
  </mujoco>)");
  folder.write("parts/legs.xml", "<mujocoinclude><include file='parts/robot.xml'/></mujocoinclude>");
  EXPECT_THAT(file_names(folder, file),
              UnorderedElementsAre("scene.xml", "parts/robot.xml", "parts/legs.xml", "meshes/arm.stl",
                                   "textures/wood.png", "meshes/hills.png"));
}

TEST(ModelFiles, AssetFolderIsForBothAndNamesCanBeStripped) {
  const TemporaryFolder folder;
  const auto file = folder.write("a.xml", R"(<mujoco>
    <compiler assetdir="assets" strippath="true"/>
    <asset><mesh file="deep/down/arm.stl"/><texture type="skybox" fileup="up &amp; away.png"/></asset>
  </mujoco>)");
  EXPECT_THAT(file_names(folder, file), ElementsAre("a.xml", "assets/arm.stl", "assets/up & away.png"));
}

TEST(ModelFiles, ListsManyAssetsOnce) {
  const TemporaryFolder folder;
  std::string meshes;
  for (int i = 0; i < 19'000; ++i) meshes += "<mesh file='" + std::to_string(i % 18'000) + ".stl'/>";
  const auto file = folder.write("a.xml", "<mujoco><asset>" + meshes + "</asset></mujoco>");
  const std::vector<std::string> names = file_names(folder, file);
  ASSERT_EQ(names.size(), 18'001u);
  EXPECT_EQ(names[1], "0.stl");
  EXPECT_EQ(names.back(), "17999.stl");
}

TEST(ModelFiles, TheHashChangesWithEachFileAndNotWithThePlace) {
  const TemporaryFolder one, two;
  const auto write = [](const TemporaryFolder& folder, std::string_view part) {
    folder.write("part.xml", part);
    return folder.write("model.xml", "<mujoco><include file='part.xml'/></mujoco>");
  };
  const Result<std::string> first = model_hash(write(one, "<mujoco/>"));
  const Result<std::string> second = model_hash(write(two, "<mujoco/>"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(first->size(), 64u);
  EXPECT_NE(*model_hash(write(two, "<mujoco />")), *first);
  EXPECT_FALSE(model_hash(one.path() / "none.xml"));
}

}  // namespace
}  // namespace motet
