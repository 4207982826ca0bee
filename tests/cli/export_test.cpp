// A trained skill leaves its run as one file.

#include <gtest/gtest.h>

#include "process.h"

namespace motet::test {
namespace {

class Export : public ::testing::Test {
 protected:
  Outcome run(const std::vector<std::string>& words) { return motet(words, folder_.path()); }
  void train() {
    write_text(folder_ / "small.motet", small_program);
    const Outcome trained = run({"train", "small.motet", "--run", "r"});
    ASSERT_EQ(trained.status, 0) << trained.err;
  }
  int shell(const std::string& command) {
    return std::system(("cd " + folder_.path().string() + " && " + command).c_str());
  }
  const Folder folder_;
};

TEST_F(Export, SaysWhatItPromises) {
  train();
  const Outcome exported = run({"export", "r", "-o", "reach.motetpack"});
  ASSERT_EQ(exported.status, 0) << exported.err;
  EXPECT_NE(exported.out.find("`reach` is in `reach.motetpack`"), std::string::npos) << exported.out;
  const Outcome text = run({"inspect", "reach.motetpack"});
  ASSERT_EQ(text.status, 0) << text.err;
  for (const char* part : {"600 steps with seed 1, in plane of small.motet", "dot, at 10 Hz", "qpos[1]",
                           "goal[0]", "gaussian, units 16, 16", "sees 4", "program/project/small.motet"})
    EXPECT_NE(text.out.find(part), std::string::npos) << part << "\n" << text.out;
}

TEST_F(Export, IsATarThatOtherToolsRead) {
  train();
  ASSERT_EQ(run({"export", "r", "--with-replay", "-o", "reach.motetpack"}).status, 0);
  ASSERT_EQ(shell("mkdir x && cd x && tar xf ../reach.motetpack && sha256sum --quiet -c SHA256SUMS"), 0);
  EXPECT_EQ(read_file(folder_ / "x/program/project/small.motet"), small_program);
  EXPECT_EQ(run({"inspect", "reach.motetpack", "--format", "toml"}).out,
            read_file(folder_ / "x/bundle.toml"));
  // What it carries is what another program composes.
  write_text(folder_ / "more.motet", std::string(small_program) +
                                         "\nskill there from \"x/run/skills/reach\"\n\n" +
                                         "skill here from \"r/skills/reach\"\n");
  const Outcome checked = run({"compile", "more.motet", "--emit", "plan"});
  EXPECT_EQ(checked.status, 0) << checked.err;
  EXPECT_EQ(read_file(folder_ / "x/run/skills/reach/checkpoint.bin"),
            read_file(folder_ / "r/skills/reach/checkpoint.bin"));
  EXPECT_EQ(read_file(folder_ / "x/run/skills/reach/states.bin"),
            read_file(folder_ / "r/skills/reach/states.bin"));
}

TEST_F(Export, CarriesLessUnlessAsked) {
  train();
  ASSERT_EQ(run({"export", "r", "-o", "plain.motetpack"}).status, 0);
  ASSERT_EQ(run({"export", "r", "--with-critic", "-o", "critic.motetpack"}).status, 0);
  EXPECT_EQ(shell("! tar tf plain.motetpack | grep -q run/"), 0);
  EXPECT_EQ(shell("tar tf critic.motetpack | grep -q checkpoint.bin"), 0);
  EXPECT_EQ(shell("! tar tf critic.motetpack | grep -q states.bin"), 0);
}

TEST_F(Export, WritesAModelForOtherRuntimes) {
  train();
  const Outcome exported = run({"export", "r", "--onnx", "-o", "reach.onnx"});
  ASSERT_EQ(exported.status, 0) << exported.err;
  const std::string model = read_file(folder_ / "reach.onnx");
  for (const char* part : {"qpos", "observation", "action", "MatMul", "Tanh"})
    EXPECT_NE(model.find(part), std::string::npos) << part;
  EXPECT_EQ(run({"export", "r", "--onnx", "-o", "reach.motetpack"}).status, 2);
  EXPECT_EQ(run({"export", "r", "--onnx", "--with-critic"}).status, 2);
}

TEST_F(Export, SaysWhatIsWrong) {
  train();
  EXPECT_NE(run({"export", "r", "--skill", "walk"}).err.find("has no skill `walk`"), std::string::npos);
  EXPECT_EQ(run({"export", "nowhere"}).status, 1);
  EXPECT_EQ(run({"export", "r", "-o", "reach.zip"}).status, 2);
  EXPECT_EQ(run({"export", "r", "-o", "no/such/folder/reach.motetpack"}).status, 3);
  ASSERT_EQ(run({"export", "r", "-o", "reach.motetpack"}).status, 0);
  const std::string bytes = read_file(folder_ / "reach.motetpack");
  const auto refusal = [&](const std::string& damaged) {
    write_text(folder_ / "bad.motetpack", damaged);
    const Outcome outcome = run({"inspect", "bad.motetpack"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.err.find("`bad.motetpack`"), std::string::npos) << outcome.err;
    return outcome.err;
  };
  EXPECT_NE(refusal(bytes.substr(0, bytes.size() / 2)).find("truncated"), std::string::npos);
  EXPECT_NE(refusal("not a bundle").find("is not a bundle"), std::string::npos);
  EXPECT_NE(refusal("").find("is not a bundle"), std::string::npos);
  std::string damaged = bytes;
  damaged[bytes.find("weights.safetensors") + 700] ^= 1;
  EXPECT_NE(refusal(damaged).find("damaged"), std::string::npos);
  EXPECT_EQ(run({"inspect", "nowhere.motetpack"}).status, 1);
  EXPECT_EQ(run({"inspect", "reach.motetpack", "--format", "xml"}).status, 2);
}

}  // namespace
}  // namespace motet::test
