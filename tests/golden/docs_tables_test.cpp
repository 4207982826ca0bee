// The tables of the documentation are those of the program, and the names that it uses exist.

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "cli/command.h"
#include "compiler/check/words.h"
#include "compiler/setting_value.h"
#include "compiler/settings.h"
#include "docs_pages.h"
#include "golden.h"
#include "language/keywords.h"
#include "language/parse.h"
#include "language/text/number.h"
#include "language/units.h"

namespace motet::testing {
namespace {

// --- what is printed from the program's own tables --------------------------------------------

// The text between `<!-- begin NAME -->` and `<!-- end NAME -->` in a page.
void expect_part(const fs::path& file, const std::string& name, const std::string& actual) {
  const std::string begin = "<!-- begin " + name + " -->\n", end = "<!-- end " + name + " -->";
  const std::string text = read_text(file);
  const std::size_t from = text.find(begin), to = text.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to)
      << file << " has no part " << name;
  const std::size_t start = from + begin.size();
  expect_golden(file, text.substr(0, start) + actual + text.substr(to));
}

std::string range_of(const SettingSchema& schema) {
  std::string words;
  for (const std::string_view choice : schema.choices)
    words += (words.empty() ? "`" : ", `") + std::string(choice) + "`";
  const std::string numbers = format_number(schema.low) + " to " + format_number(schema.high);
  switch (schema.type) {
    case SettingSchema::Type::boolean:
      return "`true`, `false`";
    case SettingSchema::Type::text:
      return words.empty() ? "text" : words;
    case SettingSchema::Type::integer:
      return "whole, " + numbers;
    case SettingSchema::Type::integers:
      return "list, each " + numbers;
    case SettingSchema::Type::number:
      return numbers + (words.empty() ? "" : ", or " + words);
    case SettingSchema::Type::temperature:
      return numbers + ", `anneal`" + (words.empty() ? "" : ", or " + words);
  }
  return {};
}

std::string settings_table() {
  std::string table = "| key | default | range | source | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const SettingSchema& schema : setting_schemas()) {
    std::string value = "`" + to_text(schema.fallback) + "`", source(schema.source);
    if (schema.flow_fallback && to_text(*schema.flow_fallback) != to_text(schema.fallback))
      value += ", flow `" + to_text(*schema.flow_fallback) + "`";
    if (schema.flow_fallback && schema.flow_source != schema.source)
      source += ", flow " + std::string(schema.flow_source);
    table += "| `" + std::string(schema.key) + "` | " + value + " | " + range_of(schema) + " | " + source +
             " | " + std::string(schema.meaning) + " |\n";
  }
  return table;
}

TEST(Docs, SettingsTableIsTheSchema) {
  expect_part(root / "docs" / "language.md", "settings", settings_table());
}

TEST(Docs, ErrorIndexIsComplete) {
  std::string table = "| code | severity | |\n| --- | --- | --- |\n";
  for (const CodeInfo& code : all_codes())
    table += "| [" + std::string(code.name) + "](" + std::string(code.name) + ".md) | " +
             (code.severity == Severity::error ? "error" : "warning") + " | " + std::string(code.title) +
             " |\n";
  expect_part(root / "docs" / "errors" / "README.md", "codes", table);
}

TEST(Docs, CommandPageIsTheHelp) {
  std::string text;
  for (const cli::Command& command : cli::commands())
    text += "\n## " + std::string(command.name) + "\n\n```text\n" + cli::help_text(command) + "```\n";
  expect_part(root / "docs" / "commands.md", "commands", text);
}

// --- the language's own words -----------------------------------------------------------------

// The text of a page from a heading to the next of its level.
std::string section(const Page& page, const std::string& heading) {
  std::string text;
  bool inside = false;
  for (const std::string& line : page.lines) {
    if (line.starts_with("## ")) inside = line == "## " + heading;
    if (inside) text += line + "\n";
  }
  return text;
}

void expect_word(const std::string& text, std::string_view word, const char* where) {
  const std::regex whole("(^|[^A-Za-z_])" + std::string(word) + "($|[^A-Za-z_])");
  EXPECT_TRUE(std::regex_search(text, whole)) << "`" << word << "` is missing in " << where;
}

TEST(Docs, LanguagePageNamesEverything) {
  const Page page = read_page(root / "docs" / "language.md");
  for (const checking::FunctionWord& function : checking::functions())
    expect_word(section(page, "Functions"), function.name, "Functions");
  for (const std::string& signal : checking::signal_words())
    expect_word(section(page, "Signals"), signal, "Signals");
  for (const std::string& unit : unit_names()) expect_word(section(page, "Units"), unit, "Units");
  for (const TokenKind declaration : declaration_keywords())
    expect_word(section(page, "Declarations"), spelling(declaration), "Declarations");
  const std::pair<TokenKind, const char*> blocks[] = {
      {TokenKind::Robot, "Robots"}, {TokenKind::World, "Worlds"}, {TokenKind::Skill, "Skills"}};
  for (const auto& [declaration, heading] : blocks)
    for (const std::string& item : item_names(declaration))
      expect_word(section(page, heading), item, heading);
  for (auto kind = static_cast<int>(TokenKind::Import); kind <= static_cast<int>(TokenKind::Torque); ++kind)
    expect_word(section(page, "Text"), spelling(static_cast<TokenKind>(kind)), "Text");
}

TEST(Docs, LanguagePageKnowsTheLimits) {
  const std::string limits = section(read_page(root / "docs" / "language.md"), "Limits");
  const auto expect_row = [&](const std::string& row) {
    EXPECT_NE(limits.find(row), std::string::npos) << row;
  };
  expect_row("| a file | " + std::to_string(ParseLimits{}.file_bytes >> 20) + " MiB |");
  expect_row("inside each other | " + std::to_string(ParseLimits{}.nesting) + " |");
  expect_row("levels of an expression | " + std::to_string(ParseLimits{}.depth) + " |");
  expect_row("that are shown | " + std::to_string(Diagnostics::limit) + " |");
  expect_row("`motet.toml` | " + std::to_string(settings_file_limit >> 20) + " MiB |");
}

// --- names ------------------------------------------------------------------------------------

// Every word of the C++ sources.
std::set<std::string> source_words() {
  std::set<std::string> words;
  for (const char* room : {"language", "compiler", "runtime"})
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      std::string word;
      for (const char c : read_text(entry.path()) + " ") {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_')
          word += c;
        else
          words.insert(std::exchange(word, ""));
      }
    }
  return words;
}

// The third column of the tables in docs/notation.md: `name`, `Class::name` or `learn.sac.key`.
TEST(Docs, NotationNamesWhatExists) {
  const std::set<std::string> words = source_words();
  const std::regex row(R"(\|((?:[^|\\]|\\.)*)\|((?:[^|\\]|\\.)*)\|([^|]*)\|.*)"), name("`([^`]+)`");
  const Page page = read_page(root / "docs" / "notation.md");
  for (std::size_t i = 0; i < page.lines.size(); ++i) {
    std::smatch cells;
    if (!std::regex_match(page.lines[i], cells, row)) continue;
    const std::string cell = cells[3];
    for (std::sregex_iterator found(cell.begin(), cell.end(), name), end; found != end; ++found) {
      const std::string text = (*found)[1];
      if (text.find('.') != std::string::npos) {
        EXPECT_NE(find_setting(text), nullptr) << place(page, i + 1) << ": there is no setting " << text;
        continue;
      }
      std::string part;
      for (const char c : text + ":") {
        if (c != ':') {
          part += c;
        } else if (!part.empty()) {
          EXPECT_TRUE(words.count(part) > 0) << place(page, i + 1) << ": there is no " << text;
          part.clear();
        }
      }
    }
  }
}

}  // namespace
}  // namespace motet::testing
