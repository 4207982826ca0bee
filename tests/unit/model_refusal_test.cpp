#include "compiler/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace motet {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string refusal(const std::filesystem::path& file) {
  Result<ModelHandle> model = load_model(file);
  return model ? "it was loaded" : model.error().message;
}

TEST(ModelError, NamesTheFileAndMujocosReason) {
  const TemporaryFolder folder;
  const auto file =
      folder.write("massless.xml", "<mujoco><worldbody><body><freejoint/></body></worldbody></mujoco>");
  const std::string message = refusal(file);
  EXPECT_THAT(message, HasSubstr(file.string()));
  EXPECT_THAT(message, HasSubstr("mass and inertia of moving bodies"));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
}

// MuJoCo 2.2 raises these from its engine, where it ends the process unless it is stopped.
TEST(ModelError, AnErrorOfTheEngineDoesNotEndTheProcess) {
  const TemporaryFolder folder;
  const auto file = folder.write("stack.xml",
                                 "<mujoco><size nstack='1'/><worldbody><body><freejoint/><geom size='.1'/>"
                                 "</body></worldbody></mujoco>");
  refusal(file);
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
}

TEST(ModelError, MissingAndSpecialFiles) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.path() / "none.xml"), HasSubstr("No such file"));
  EXPECT_THAT(refusal(folder.path()), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal(folder.write("empty.xml", "")), HasSubstr("no XML element"));
  EXPECT_THAT(refusal(folder.write("text.xml", "hello")), HasSubstr("no XML element"));
  EXPECT_THAT(refusal(folder.write("zero.xml", std::string_view("<mujoco>\0</mujoco>", 18))),
              HasSubstr("zero bytes"));
}

TEST(ModelError, MissingIncludeAndMissingMesh) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.write("a.xml", "<mujoco><include file='gone.xml'/></mujoco>")),
              HasSubstr("gone.xml"));
  EXPECT_THAT(refusal(folder.write("b.xml",
                                   "<mujoco><asset><mesh name='m' file='gone.stl'/></asset><worldbody>"
                                   "<geom type='mesh' mesh='m'/></worldbody></mujoco>")),
              HasSubstr("gone.stl"));
}

TEST(ModelError, MalformedXmlIsLocated) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.write("a.xml", "<mujoco>\n<worldbody>\n</mujoco>")), HasSubstr("line 3"));
  EXPECT_THAT(refusal(folder.write("b.xml", "<mujoco>\n<geom size=3/></mujoco>")), HasSubstr("line 2"));
  EXPECT_THAT(refusal(folder.write("c.xml", "<mujoco a='1' a='2'/>")), HasSubstr("twice"));
  EXPECT_THAT(refusal(folder.write("d.xml", "<mujoco><!-- ")), HasSubstr("-->"));
  EXPECT_THAT(refusal(folder.write("e.xml", "<mujoco><body")), HasSubstr("does not end"));
}

TEST(ModelLimit, LargeText) {
  const TemporaryFolder folder;
  const std::string filler(9u << 20, ' ');
  EXPECT_THAT(refusal(folder.write("big.xml", filler + filler)), HasSubstr("16 MiB"));
  folder.write("half.xml", "<mujoco>" + filler + "</mujoco>");
  EXPECT_THAT(refusal(folder.write("two.xml", "<mujoco><include file='half.xml'/>" + filler + "</mujoco>")),
              HasSubstr("16 MiB"));
}

TEST(ModelLimit, Nesting) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "<body>";
  EXPECT_THAT(refusal(folder.write("deep.xml", "<mujoco><worldbody>" + text)), HasSubstr("nested deeper"));
}

TEST(ModelLimit, WhatTakesGigabytes) {
  const TemporaryFolder folder;
  const std::pair<const char*, const char*> hostile[] = {
      {"<size nuser_body='2000000000'/>", "nuser_body"},
      {"<size nstack='2000000000'/>", "nstack"},
      {"<size njmax='1000000'/>", "njmax"},
      {"<size memory='90G'/>", "memory"},
      {"<size nkey='1e9'/>", "nkey"},
      {"<asset><hfield name='x' nrow='100000' ncol='100000' size='1 1 1 1'/></asset>", "nrow"},
      {"<asset><texture type='2d' builtin='flat' width='1000000' height='10'/></asset>", "width"},
      {"<custom><numeric name='x' size='2000000000'/></custom>", "numeric size"},
      {"<worldbody><composite type='grid' count='1000 1000 1' spacing='1'/></worldbody>", "elements"},
      {"<worldbody><replicate count='1000'><replicate "
       "count='1000'><geom/></replicate></replicate></worldbody>",
       "elements"},
  };
  for (const auto& [element, word] : hostile) {
    const auto file = folder.write("hostile.xml", "<mujoco>" + std::string(element) + "</mujoco>");
    EXPECT_THAT(refusal(file), HasSubstr(word)) << element;
  }
}

TEST(ModelLimit, TheNumberOfElements) {
  const TemporaryFolder folder;
  std::string bodies, geoms;
  for (int i = 0; i < 4001; ++i) bodies += "<body/>";
  for (int i = 0; i < 20'001; ++i) geoms += "<geom size='1'/>";
  EXPECT_THAT(refusal(folder.write("bodies.xml", "<mujoco><worldbody>" + bodies + "</worldbody></mujoco>")),
              HasSubstr("more bodies than 4000"));
  EXPECT_THAT(refusal(folder.write("geoms.xml", "<mujoco><worldbody>" + geoms + "</worldbody></mujoco>")),
              HasSubstr("more elements than 20000"));
}

TEST(ModelLimit, APictureThatUnpacksToGigabytes) {
  const TemporaryFolder folder;
  folder.write("bomb.png", std::string_view("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\10\2\0\0\0", 29));
  const auto file =
      folder.write("model.xml", "<mujoco><asset><texture type='2d' file='bomb.png'/></asset></mujoco>");
  EXPECT_THAT(refusal(file), HasSubstr("64 million pixels"));
}

}  // namespace
}  // namespace motet
