// The settings and the command lines that the documentation shows are those of the program.

#include <gtest/gtest.h>

#include <regex>

#include "cli/command.h"
#include "compiler/settings.h"
#include "docs_pages.h"

namespace motet::testing {
namespace {

void expect_settings(const Page& page, const Fence& fence, const std::string& profile) {
  const Workplace workplace(models_of(page));
  workplace.write("motet.toml", fence.text);
  SourceMap sources;
  Diagnostics diagnostics;
  read_settings({fs::current_path(), profile, {}}, sources, diagnostics);
  EXPECT_EQ(diagnostics.all().size(), 0u) << place(page, fence.line) << "\n"
                                          << render_text(diagnostics, sources, false);
}

TEST(Docs, SettingsAreRead) {
  const std::regex profile(R"(\[profile\.([A-Za-z0-9_-]+)[\].])");
  for (const Page& page : all_pages())
    for (const Fence& fence : page.fences) {
      if (is_error_page(page) || fence.language != "toml" || fence.has("excerpt")) continue;
      expect_settings(page, fence, "");
      std::smatch found;
      std::string rest = fence.text;
      for (; std::regex_search(rest, found, profile); rest = found.suffix())
        expect_settings(page, fence, found[1]);
    }
}

// The words of a command line up to a redirection, a pipe or a comment.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool open = false;
  for (const char c : line + " ") {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == '|' || c == '>' || c == '&' || c == ';' || (c == '#' && word.empty())) {
      break;
    } else if (c != ' ') {
      word += c;
    } else if (!word.empty() || open) {
      words.push_back(word);
      word.clear();
      open = false;
    }
  }
  return words;
}

void expect_motet(const Page& page, const std::string& where, std::vector<std::string> words) {
  words.erase(words.begin());
  ASSERT_FALSE(words.empty()) << where;
  if (words[0] == "--version" || words[0] == "--help") return;
  const cli::Command* command = cli::find_command(words[0]);
  ASSERT_NE(command, nullptr) << where << ": there is no command " << words[0];
  const auto arguments = cli::parse_arguments(*command, {words.begin() + 1, words.end()});
  ASSERT_TRUE(arguments) << where;
  for (const std::string& setting : arguments->values("--set")) {
    const Workplace workplace(models_of(page));
    SourceMap sources;
    Diagnostics diagnostics;
    read_settings({fs::temp_directory_path(), "", {setting}}, sources, diagnostics);
    EXPECT_EQ(diagnostics.all().size(), 0u) << where << "\n" << render_text(diagnostics, sources, false);
  }
  const bool shows_mistakes = page.path.parent_path().filename() == "errors";
  for (const std::string& operand : arguments->positional) {
    if (shows_mistakes || !operand.ends_with(".motet") || operand.find('*') != std::string::npos) continue;
    EXPECT_TRUE(fs::exists(root / operand) || fs::exists(models_of(page) / operand) ||
                fs::exists(page.path.parent_path() / operand))
        << where << ": there is no " << operand;
  }
}

void expect_command(const Page& page, const std::string& where, const std::string& line) {
  std::vector<std::string> words = words_of(line);
  while (!words.empty() && std::regex_match(words[0], std::regex("[A-Z_]+=.*"))) words.erase(words.begin());
  if (words.empty()) return;
  const std::set<std::string> known = {"cd",   "mkdir",        "cmake",      "ctest", "git", "source",
                                       "sudo", "clang-format", "clang-tidy", "ls",    "cat"};
  const bool script = words[0].starts_with("scripts/");
  EXPECT_TRUE(!script || fs::exists(root / words[0])) << where << ": there is no " << words[0];
  if (words[0] == "motet" || words[0] == "scripts/motet" || words[0].ends_with("/cli/motet"))
    return expect_motet(page, where, words);
  EXPECT_TRUE(known.count(words[0]) > 0 || script || words[0].starts_with("build/"))
      << where << ": `" << words[0] << "` is not a command that the tests know";
}

TEST(Docs, CommandLinesParse) {
  for (const Page& page : all_pages())
    for (const Fence& fence : page.fences) {
      if (fence.language != "console") continue;
      const auto lines = split_lines(fence.text);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].starts_with("$ ")) continue;
        const std::string where = place(page, fence.line + 1 + i);
        std::string line = lines[i].substr(2);
        while (line.ends_with("\\") && i + 1 < lines.size())
          line = line.substr(0, line.size() - 1) + lines[++i];
        expect_command(page, where, line);
      }
    }
}

}  // namespace
}  // namespace motet::testing
