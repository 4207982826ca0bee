// Replays the checker's corpus, and programs that are hard in other ways.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "check_properties.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

TEST(CheckCorpus, Replays) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(MOTET_SOURCE_DIR "/tests/robustness/corpus/check")) {
    EXPECT_EQ(broken_check_property(read(entry.path())), "") << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0);
}

// A program without each of its words: what a slip of the hand leaves.
TEST(CheckCorpus, ProgramsWithAWordMissingAreChecked) {
  for (const char* name : {"pushing.motet", "everything.motet"}) {
    const std::string text = read(std::string(MOTET_SOURCE_DIR "/tests/golden/programs/") + name);
    ASSERT_FALSE(text.empty()) << name;
    std::size_t begin = 0;
    for (int word = 0; begin < text.size(); ++word) {
      const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
      if (word % 7 == 0) {
        EXPECT_EQ(broken_check_property(text.substr(0, begin) + text.substr(end)), "")
            << text.substr(begin, end - begin);
      }
      begin = end + 1;
    }
  }
}

// --- programs that unfold to much ---------------------------------------------------------------

const std::string plane =
    "robot dot { model point(2) observe qpos act motors control 1 Hz }\n"
    "world plane { robot dot horizon 30 steps }\n";
const std::string skill = "skill s { in plane maximize r }\n";

// `first`, then `next` with every # replaced by a number and every @ by the number before it.
std::string chain(const std::string& first, const std::string& next, int length) {
  std::string text = first;
  for (int i = 1; i < length; ++i) {
    std::string link = next;
    for (std::size_t at; (at = link.find('#')) != std::string::npos;) link.replace(at, 1, std::to_string(i));
    for (std::size_t at; (at = link.find('@')) != std::string::npos;)
      link.replace(at, 1, std::to_string(i - 1));
    text += link;
  }
  return text;
}

double seconds(const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(broken_check_property(text), "");
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

constexpr double patience = 30;  // s, under sanitizers and on a busy machine

TEST(CheckLimits, LongChainsOfLets) {
  EXPECT_LT(
      seconds(plane + chain("let a0 = qpos.x\n", "let a# = a@ + 1\n", 5000) + "reward r = a4999\n" + skill),
      patience);
  EXPECT_LT(seconds(plane + chain("let a0 = 1\n", "let a# = a@ + 1\n", 5000) +
                    "reward r = a4999 * norm(qpos)\n" + skill),
            patience);
}
TEST(CheckLimits, LetsThatDouble) {
  EXPECT_LT(
      seconds(plane + chain("let a0 = qpos\n", "let a# = a@ + a@\n", 60) + "reward r = norm(a59)\n" + skill),
      patience);
  EXPECT_LT(
      seconds(plane + chain("let a0 = qpos\n", "let a# = (a@, a@)\n", 60) + "reward r = norm(a59)\n" + skill),
      patience);
  EXPECT_LT(seconds(plane + chain("let f0(x) = x\n", "let f#(x) = f@(2 * x) + f@(3 * x)\n", 60) +
                    "reward r = norm(f59(qpos))\n" + skill),
            patience);
}
TEST(CheckLimits, RewardsThatDouble) {
  EXPECT_LT(seconds(plane + chain("reward r0 = qpos.x\n", "reward r# = r@ + 2 * r@\n", 60) +
                    "reward r = r59\n" + skill),
            patience);
}
TEST(CheckLimits, ChainsOfFunctions) {
  EXPECT_LT(seconds(plane + chain("let f0(x) = x\n", "let f#(x) = f@(x) + 1\n", 5000) +
                    "reward r = f4999(qpos.x)\n" + skill),
            patience);
}
TEST(CheckLimits, SkillsThatDouble) {
  const std::string first = "reward at(x) = -norm(qpos - x)\nskill s0(x) { in plane maximize at(x) }\n";
  EXPECT_LT(seconds(plane + chain(first, "skill s#(x) = s@(2 * x) & s@(3 * x)\n", 40) + "skill s = s39(1)\n"),
            patience);
}
TEST(CheckLimits, TowersOfSkills) {
  const std::string first = "skill s0 { in plane maximize norm(qpos) }\n";
  EXPECT_LT(seconds(plane + chain(first, "skill s# over s@ { in plane maximize norm(qpos) }\n", 300)),
            patience);
  EXPECT_LT(seconds(plane + chain(first, "skill s# = s@ & s0\n", 300)), patience);
  EXPECT_LT(seconds(plane + chain(first, "skill s# { in plane maximize norm(qpos) start from s@ }\n", 3000)),
            patience);
}
TEST(CheckLimits, KnotsOfNames) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += "let a" + std::to_string(i) + " = 0";
    for (int j = 0; j < 300; ++j) text += " + a" + std::to_string(j);
    text += "\n";
  }
  EXPECT_LT(seconds(text), patience);
}
// What a large project might come to: 10 000 declarations check in well under a second.
TEST(CheckLimits, TenThousandDeclarations) {
  std::string text = plane + chain("let a0 = 1\n", "let a# = a@ + # / 7\n", 4000);
  for (int i = 0; i < 1500; ++i) {
    const std::string n = std::to_string(i);
    text += "reward r" + n + " = -norm(qpos) - 0.1 * a" + n + " * dot(action, action)\n";
    text += "reward p" + n + "(x, y) = -norm(qpos - (x, y)) + a" + std::to_string(i + 2000) + "\n";
    text += "skill s" + n + " { in plane maximize r" + n + " + 0.5 * p" + n + "(1, " + n +
            ") learn sac { temperature 1 } }\n";
    text += "skill t" + n + "(x) { in plane maximize p" + n + "(x, 2) learn sac { temperature 1 } }\n";
  }
  SourceMap sources;
  Diagnostics diagnostics;
  Program program;
  program.modules.emplace_back().syntax = parse(sources, sources.add("input", text), diagnostics);
  const auto start = std::chrono::steady_clock::now();
  const auto graph = check(program, sources, diagnostics);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(graph) << render_text(diagnostics, sources, false);
  RecordProperty("seconds", std::to_string(taken.count()));
  EXPECT_LT(taken.count(), patience);
}

TEST(CheckLimits, WrongEverywhere) {
  EXPECT_LT(seconds(plane +
                    chain("let a0 = qpos\n", "let a# = b# + c@(d#)\nskill s# { in w# maximize e# }\n", 3000)),
            patience);
}

}  // namespace
}  // namespace motet::testing
