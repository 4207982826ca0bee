// Exit statuses, streams, help: the manners of the command line.

#include <gtest/gtest.h>

#include "process.h"

namespace motet::test {
namespace {

TEST(Usage, NothingAndUnknownCommandsAreWrongUsage) {
  const Folder folder;
  EXPECT_EQ(motet({}, folder.path()).status, 2);
  const Outcome unknown = motet({"trian"}, folder.path());
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("`train`"), std::string::npos) << unknown.err;
  EXPECT_EQ(unknown.out, "");
}

TEST(Usage, UnknownOptionsAndMissingValues) {
  const Folder folder;
  const Outcome near = motet({"train", "x.motet", "--resum"}, folder.path());
  EXPECT_EQ(near.status, 2);
  EXPECT_NE(near.err.find("--resume"), std::string::npos) << near.err;
  EXPECT_EQ(motet({"train", "x.motet", "--seed"}, folder.path()).status, 2);
  EXPECT_EQ(motet({"train", "x.motet", "--seed", "many"}, folder.path()).status, 2);
  EXPECT_EQ(motet({"graph", "x.motet"}, folder.path()).status, 2);
  EXPECT_EQ(motet({"check"}, folder.path()).status, 2);
}

TEST(Usage, EveryCommandHasHelpWithAnExample) {
  const Folder folder;
  for (const char* command : {"check", "fmt", "explain", "compile", "graph", "train", "eval", "run", "plot",
                              "replay", "doctor", "bench", "help", "completion"}) {
    const Outcome help = motet({"help", command}, folder.path());
    EXPECT_EQ(help.status, 0) << command;
    EXPECT_NE(help.out.find("examples:\n  "), std::string::npos) << command;
    EXPECT_EQ(motet({command, "--help"}, folder.path()).out, help.out) << command;
  }
}

TEST(Usage, CompletionScriptsAreValidShell) {
  const Folder folder;
  write_text(folder / "motet.bash", motet({"completion", "bash"}, folder.path()).out);
  EXPECT_EQ(std::system(("bash -n " + (folder / "motet.bash").string()).c_str()), 0);
  EXPECT_EQ(motet({"completion", "csh"}, folder.path()).status, 2);
}

TEST(Usage, AWrongProgramIsStatusOneOnStandardError) {
  const Folder folder;
  write_text(folder / "wrong.motet", "skill s {\n  in nowhere\n}\n");
  const Outcome outcome = motet({"check", "wrong.motet"}, folder.path());
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("wrong.motet:2:6"), std::string::npos) << outcome.err;
  EXPECT_EQ(motet({"check", "missing.motet"}, folder.path()).status, 1);
}

TEST(Usage, JsonGoesToStandardOutput) {
  const Folder folder;
  write_text(folder / "wrong.motet", "skill s {\n  in nowhere\n}\n");
  const Outcome outcome = motet({"check", "--format", "json", "wrong.motet"}, folder.path());
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out.front(), '{');
  EXPECT_EQ(outcome.err, "");
}

TEST(Usage, OutputThatCannotBeWrittenIsStatusThree) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  EXPECT_EQ(motet({"graph", "small.motet", "-o", "no/such/folder/x.svg"}, folder.path()).status, 3);
  EXPECT_EQ(std::system((std::string(MOTET_PROGRAM) + " help > /dev/full 2> /dev/null").c_str()) >> 8, 3);
}

// `motet help train | true`
TEST(Usage, AReaderThatHasLeftIsNoFailure) {
  const Folder folder;
  const std::string line = "cd " + folder.path().string() +
                           " && { sleep 0.2; " MOTET_PROGRAM " help train 2> said; echo $? >> said; } | true";
  ASSERT_EQ(std::system(line.c_str()), 0);
  EXPECT_EQ(read_file(folder / "said"), "0\n");
}

TEST(Usage, FormatsInPlaceAndChecks) {
  const Folder folder;
  write_text(folder / "x.motet", "reward   r =   1+time // kept\n");
  EXPECT_EQ(motet({"fmt", "--check", "x.motet"}, folder.path()).status, 1);
  EXPECT_EQ(motet({"fmt", "x.motet"}, folder.path()).status, 0);
  EXPECT_EQ(read_file(folder / "x.motet"), "reward r = 1 + time  // kept\n");
  EXPECT_EQ(motet({"fmt", "--check", "x.motet"}, folder.path()).status, 0);
}

TEST(Usage, FormatsThroughLinksAndKeepsPermissions) {
  const Folder folder;
  const fs::perms mine = fs::perms::owner_read | fs::perms::owner_write;
  write_text(folder / "x.motet", "reward   r =   1\n");
  fs::permissions(folder / "x.motet", mine);
  fs::create_symlink("x.motet", folder / "link.motet");
  EXPECT_EQ(motet({"fmt", "link.motet"}, folder.path()).status, 0);
  EXPECT_TRUE(fs::is_symlink(folder / "link.motet"));
  EXPECT_EQ(read_file(folder / "x.motet"), "reward r = 1\n");
  EXPECT_EQ(fs::status(folder / "x.motet").permissions(), mine);
}

TEST(Usage, FormatsFilesOnly) {
  const Folder folder;
  write_text(folder / "empty.motet", "");
  EXPECT_EQ(motet({"fmt", "empty.motet"}, folder.path()).status, 0);
  for (const char* file : {"missing.motet", ".", "/dev/zero"}) {
    const Outcome outcome = motet({"fmt", file}, folder.path());
    EXPECT_EQ(outcome.status, 1) << file;
    EXPECT_NE(outcome.err.find(file), std::string::npos) << outcome.err;
  }
}

TEST(Usage, DrawsEveryFormat) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  for (const char* file : {"x.svg", "x.png", "x.pdf", "x.dot"}) {
    EXPECT_EQ(motet({"graph", "small.motet", "-o", file}, folder.path()).status, 0) << file;
    EXPECT_GT(fs::file_size(folder / file), 100u) << file;
  }
  EXPECT_EQ(motet({"graph", "small.motet", "--plan", "-o", "plan.svg"}, folder.path()).status, 0);
  EXPECT_EQ(motet({"graph", "small.motet", "-o", "x.bmp"}, folder.path()).status, 2);
}

TEST(Usage, DoctorSaysWhatThereIs) {
  const Folder folder;
  const Outcome doctor = motet({"doctor"}, folder.path());
  EXPECT_EQ(doctor.status, 0);
  for (const char* what : {"processor", "memory", "matrix products", "rendering", "video", "library"})
    EXPECT_NE(doctor.out.find(what), std::string::npos) << what;
}

TEST(Usage, BenchMeasuresInTextAndJson) {
  const Folder folder;
  const Outcome text = motet({"bench", "sim", "--rounds", "1", "--milliseconds", "1"}, folder.path());
  EXPECT_EQ(text.status, 0) << text.err;
  for (const char* what : {"half_cheetah", "pendulum", "mj_step alone"})
    EXPECT_NE(text.out.find(what), std::string::npos) << text.out;
  const Outcome json =
      motet({"bench", "train", "--rounds", "1", "--milliseconds", "1", "--format", "json"}, folder.path());
  EXPECT_EQ(json.status, 0) << json.err;
  EXPECT_EQ(json.out.front(), '{');
  for (const char* what : {"\"native_updates_per_second\"", "\"part_of_bound\"", "\"hidden\":"})
    EXPECT_NE(json.out.find(what), std::string::npos) << json.out;
  EXPECT_EQ(motet({"bench", "fast"}, folder.path()).status, 2);
  EXPECT_EQ(motet({"bench", "sim", "--format", "xml"}, folder.path()).status, 2);
}

TEST(Usage, ADeviceThatIsNotThereIsSaidBeforeTraining) {
  const Folder folder;
  write_text(folder / "small.motet", small_program);
  const Outcome native =
      motet({"train", "small.motet", "--set", "device=cuda", "--set", "backend=native"}, folder.path());
  EXPECT_EQ(native.status, 3);
  EXPECT_NE(native.err.find("needs `backend = \"torch\"`"), std::string::npos) << native.err;
  // A device asks for its backend by itself.
  const Outcome cuda =
      motet({"compile", "small.motet", "--emit", "plan", "--set", "device=cuda"}, folder.path());
  EXPECT_NE(cuda.out.find("\"torch\""), std::string::npos) << cuda.out;
}

}  // namespace
}  // namespace motet::test
