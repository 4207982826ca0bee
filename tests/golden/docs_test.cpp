// What the documentation shows is true: its programs check, its settings are read, its command lines
// parse, its links lead somewhere, its tables are those of the program.
//
// Fences say what they are:
//   motet                       a whole program: canonical, and without diagnostics
//   motet more                  more of the program above it on the page
//   motet fragment              declarations, items or expressions that need not be complete
//   motet error=M0214           a program with exactly these codes; `warning=` alike
//   motet excerpt=PATH          lines that stand so in that file (xml, toml and cpp alike); a line with
//                               … leaves some out
//   text diagnostic             what the program above it is told, to the letter; json likewise
//   toml                        a motet.toml
//   console                     command lines after `$ `, and what they print

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "cli/command.h"
#include "compiler/check.h"
#include "compiler/check/words.h"
#include "compiler/setting_value.h"
#include "compiler/settings.h"
#include "golden.h"
#include "language/format.h"
#include "language/keywords.h"
#include "language/modules.h"
#include "language/units.h"
#include "markdown.h"

namespace motet::testing {
namespace {

namespace fs = std::filesystem;

const fs::path root = MOTET_SOURCE_DIR;

// --- the pages --------------------------------------------------------------------------------

std::vector<Page> all_pages() {
  std::vector<fs::path> paths = {root / "README.md", root / "CONTRIBUTING.md"};
  for (const char* folder : {"docs", "examples", "library"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.path().extension() == ".md") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Page> pages;
  for (const fs::path& path : paths) pages.push_back(read_page(path));
  return pages;
}

std::string place(const Page& page, std::size_t line) {
  return fs::relative(page.path, root).string() + ":" + std::to_string(line);
}

bool is_error_page(const Page& page) {
  return page.path.parent_path().filename() == "errors" && page.path.filename() != "README.md";
}

// The folder whose models a page's programs may name.
fs::path models_of(const Page& page) {
  const fs::path folder = page.path.parent_path();
  return folder.parent_path() == root / "examples" ? folder : root / "examples" / "reaching";
}

// --- programs ---------------------------------------------------------------------------------

// A folder of its own for a program: a copy of `models`, in which the test works while it lives.
class Workplace {
 public:
  explicit Workplace(const fs::path& models) : before_(fs::current_path()) {
    static int count = 0;
    folder_ = fs::temp_directory_path() /
              ("motet_docs_" + std::to_string(getpid()) + "_" + std::to_string(count++));
    fs::create_directories(folder_);
    for (const auto& entry : fs::directory_iterator(models))
      if (entry.path().extension() != ".md") fs::copy(entry.path(), folder_ / entry.path().filename(), fs::copy_options::recursive);
    fs::current_path(folder_);
  }
  ~Workplace() {
    fs::current_path(before_);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Workplace(const Workplace&) = delete;

  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name, std::ios::binary) << text; }

 private:
  fs::path before_, folder_;
};

struct Checked {
  SourceMap sources;
  Diagnostics diagnostics;
  Program program;

  std::string text() const { return render_text(diagnostics, sources, false); }
  std::set<std::string> codes(Severity severity) const {
    std::set<std::string> codes;
    for (const Diagnostic& diagnostic : diagnostics.all())
      if (diagnostic.severity() == severity) codes.emplace(info(diagnostic.code).name);
    return codes;
  }
};

std::string file_name_of(const Fence& fence) { return fence.has("name") ? fence.get("name") : "program.motet"; }

std::unique_ptr<Checked> check_text(const fs::path& models, const std::string& name, const std::string& text) {
  const Workplace workplace(models);
  workplace.write(name, text);
  auto checked = std::make_unique<Checked>();
  checked->program = load_program(name, ModuleSearch{{root / "library"}}, checked->sources, checked->diagnostics);
  check(checked->program, checked->sources, checked->diagnostics);
  checked->diagnostics.sort();
  return checked;
}

std::set<std::string> listed(const std::string& codes) {
  std::set<std::string> result;
  std::stringstream in(codes);
  for (std::string code; std::getline(in, code, ',');) result.insert(code);
  return result;
}

// The canonical form of a text, or nothing where it does not parse.
std::optional<std::string> formatted(const std::string& text) {
  SourceMap sources;
  Diagnostics diagnostics;
  const auto file = sources.add("fragment.motet", text);
  const syntax::Module module = parse(sources, file, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return format(module, sources);
}

std::string indented(const std::string& text) {
  std::string result;
  for (const std::string& line : split_lines(text)) result += (line.empty() ? "" : "  " + line) + "\n";
  return result;
}

// A fragment in each form that it can have: declarations, items of a block, one expression a line.
std::vector<std::string> completions(const std::string& text) {
  std::vector<std::string> forms = {text};
  for (const char* block : {"robot x", "world x", "skill x"}) forms.push_back(std::string(block) + " {\n" + indented(text) + "}\n");
  for (const char* before : {"let x = ", "skill x = "}) {
    std::string lines;
    for (const std::string& line : split_lines(text)) lines += before + line + "\n";
    forms.push_back(lines);
  }
  return forms;
}

void expect_fragment(const Page& page, const Fence& fence) {
  bool parses = false;
  for (const std::string& form : completions(fence.text)) {
    const auto canonical = formatted(form);
    if (!canonical) continue;
    parses = true;
    // Expressions one a line are a list, not a text that a formatter would leave so.
    if (*canonical == form || form.starts_with("let x = ") || form.starts_with("skill x = ")) return;
  }
  if (!parses) ADD_FAILURE() << place(page, fence.line) << ": parses neither as declarations nor as items nor as expressions";
  for (const std::string& form : completions(fence.text))
    if (const auto canonical = formatted(form)) {
      ADD_FAILURE() << place(page, fence.line) << ": the canonical form is\n" << *canonical;
      return;
    }
}

void expect_excerpt(const Page& page, const Fence& fence) {
  const fs::path file = root / fence.get("excerpt");
  ASSERT_TRUE(fs::exists(file)) << place(page, fence.line) << ": there is no " << file;
  const auto trimmed = [](const std::string& line) {
    const std::size_t first = line.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : line.substr(first);
  };
  std::vector<std::string> part, whole;
  for (const std::string& line : split_lines(read_text(file))) whole.push_back(trimmed(line));
  auto from = whole.begin();
  const auto expect_part = [&] {
    const auto found = std::search(from, whole.end(), part.begin(), part.end());
    if (found != whole.end()) {
      from = found + static_cast<std::ptrdiff_t>(part.size());
    } else {
      std::string text;
      for (const std::string& line : part) text += line + "\n";
      ADD_FAILURE() << place(page, fence.line) << ": these lines do not stand so in " << fence.get("excerpt") << "\n" << text;
    }
    part.clear();
  };
  for (const std::string& line : split_lines(fence.text)) {
    if (line.find("…") == std::string::npos) part.push_back(trimmed(line));
    else expect_part();
  }
  expect_part();
}

class ProgramsOfPage {
 public:
  explicit ProgramsOfPage(const Page& page) : page_(page) {}

  void see(const Fence& fence) {
    if (fence.has("fragment")) return expect_fragment(page_, fence);
    if (fence.has("excerpt")) return expect_excerpt(page_, fence);
    program_ = fence.has("more") ? program_ + "\n" + fence.text : fence.text;
    checked_ = check_text(models_of(page_), file_name_of(fence), program_);
    EXPECT_EQ(checked_->codes(Severity::error), listed(fence.get("error")))
        << place(page_, fence.line) << "\n" << checked_->text();
    EXPECT_EQ(checked_->codes(Severity::warning), listed(fence.get("warning")))
        << place(page_, fence.line) << "\n" << checked_->text();
    const auto canonical = formatted(program_);
    if (canonical && *canonical != program_)
      ADD_FAILURE() << place(page_, fence.line) << ": not canonical in " << first_difference(*canonical, program_);
  }

  void see_diagnostic(const Fence& fence) {
    ASSERT_NE(checked_, nullptr) << place(page_, fence.line) << ": there is no program above it";
    const std::string said = fence.language == "json" ? render_json(checked_->diagnostics, checked_->sources) : checked_->text();
    if (said == fence.text) return;
    if (rewriting_golden()) rewritten_[fence.line] = {fence, said};
    else ADD_FAILURE() << place(page_, fence.line) << ": the program is told\n" << said;
  }

  // Where golden files are rewritten: the page with what the programs are told now.
  void finish() const {
    if (rewritten_.empty()) return;
    std::ofstream out(page_.path, std::ios::binary);
    for (std::size_t number = 1; number <= page_.lines.size(); ++number) {
      out << page_.lines[number - 1] << '\n';
      const auto found = rewritten_.find(number);
      if (found == rewritten_.end()) continue;
      const auto& [fence, text] = found->second;
      for (const std::string& line : split_lines(text)) out << (line.empty() ? "" : fence.indentation + line) << '\n';
      number = fence.end - 1;
    }
  }

 private:
  const Page& page_;
  std::map<std::size_t, std::pair<Fence, std::string>> rewritten_;  // by the line of the fence
  std::string program_;
  std::unique_ptr<Checked> checked_;
};

TEST(Docs, ProgramsAreCanonicalAndCheck) {
  for (const Page& page : all_pages()) {
    if (is_error_page(page)) continue;  // a program there fails, and is corrected: error_pages_test.cpp
    ProgramsOfPage programs(page);
    for (const Fence& fence : page.fences) {
      if (fence.language == "motet") programs.see(fence);
      else if (fence.has("diagnostic")) programs.see_diagnostic(fence);
      else if (fence.has("excerpt")) expect_excerpt(page, fence);
    }
    programs.finish();
  }
}

// --- settings and command lines ---------------------------------------------------------------

void expect_settings(const Page& page, const Fence& fence, const std::string& profile) {
  const Workplace workplace(models_of(page));
  workplace.write("motet.toml", fence.text);
  SourceMap sources;
  Diagnostics diagnostics;
  read_settings({fs::current_path(), profile, {}}, sources, diagnostics);
  EXPECT_EQ(diagnostics.all().size(), 0u) << place(page, fence.line) << "\n" << render_text(diagnostics, sources, false);
}

TEST(Docs, SettingsAreRead) {
  const std::regex profile(R"(\[profile\.([A-Za-z0-9_-]+)[\].])");
  for (const Page& page : all_pages())
    for (const Fence& fence : page.fences) {
      if (fence.language != "toml" || fence.has("excerpt")) continue;
      expect_settings(page, fence, "");
      std::smatch found;
      std::string rest = fence.text;
      for (; std::regex_search(rest, found, profile); rest = found.suffix()) expect_settings(page, fence, found[1]);
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
      if (c == quote) quote = 0;
      else word += c;
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
  for (const std::string& operand : arguments->positional) {
    if (!operand.ends_with(".motet") || operand.find('*') != std::string::npos) continue;
    EXPECT_TRUE(fs::exists(root / operand) || fs::exists(models_of(page) / operand) || fs::exists(page.path.parent_path() / operand))
        << where << ": there is no " << operand;
  }
}

void expect_command(const Page& page, const std::string& where, const std::string& line) {
  std::vector<std::string> words = words_of(line);
  while (!words.empty() && std::regex_match(words[0], std::regex("[A-Z_]+=.*"))) words.erase(words.begin());
  if (words.empty()) return;
  const std::set<std::string> known = {"cd", "mkdir", "cmake", "ctest", "git", "source", "sudo", "clang-format", "clang-tidy", "ls", "cat"};
  const bool script = words[0].starts_with("scripts/");
  EXPECT_TRUE(!script || fs::exists(root / words[0])) << where << ": there is no " << words[0];
  if (words[0] == "motet" || words[0] == "scripts/motet" || words[0].ends_with("/cli/motet")) return expect_motet(page, where, words);
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
        while (line.ends_with("\\") && i + 1 < lines.size()) line = line.substr(0, line.size() - 1) + lines[++i];
        expect_command(page, where, line);
      }
    }
}

// --- form -------------------------------------------------------------------------------------

TEST(Docs, FencesSayWhatTheyAre) {
  const std::set<std::string> languages = {"motet", "toml", "console", "text", "cpp", "cmake", "xml", "json", "bash"};
  for (const Page& page : all_pages()) {
    EXPECT_TRUE(page.closed) << place(page, page.lines.size()) << ": a fence is left open";
    for (const Fence& fence : page.fences)
      EXPECT_TRUE(languages.count(fence.language) > 0)
          << place(page, fence.line) << ": `" << fence.language << "` is not a language that the tests know";
  }
}

TEST(Docs, LinksLeadSomewhere) {
  for (const Page& page : all_pages())
    for (const Link& link : page.links) {
      if (link.target.find("://") != std::string::npos || link.target.starts_with("mailto:")) continue;
      const std::size_t hash = link.target.find('#');
      const std::string file = link.target.substr(0, hash);
      const fs::path target = file.empty() ? page.path : page.path.parent_path() / file;
      const bool exists = fs::exists(target);
      EXPECT_TRUE(exists) << place(page, link.line) << ": " << link.target << " does not exist";
      if (!exists || hash == std::string::npos || target.extension() != ".md") continue;
      EXPECT_TRUE(read_page(target).anchors.count(link.target.substr(hash + 1)) > 0)
          << place(page, link.line) << ": " << file << " has no heading for #" << link.target.substr(hash + 1);
    }
}

// --- what is printed from the program's own tables --------------------------------------------

// The text between `<!-- begin NAME -->` and `<!-- end NAME -->` in a page.
void expect_part(const fs::path& file, const std::string& name, const std::string& actual) {
  const std::string begin = "<!-- begin " + name + " -->\n", end = "<!-- end " + name + " -->";
  const std::string text = read_text(file);
  const std::size_t from = text.find(begin), to = text.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to) << file << " has no part " << name;
  const std::size_t start = from + begin.size();
  expect_golden(file, text.substr(0, start) + actual + text.substr(to));
}

std::string range_of(const SettingSchema& schema) {
  std::string words;
  for (const std::string_view choice : schema.choices) words += (words.empty() ? "`" : ", `") + std::string(choice) + "`";
  const std::string numbers = format_number(schema.low) + " to " + format_number(schema.high);
  switch (schema.type) {
    case SettingSchema::Type::boolean: return "`true`, `false`";
    case SettingSchema::Type::text: return words.empty() ? "text" : words;
    case SettingSchema::Type::integer: return "whole, " + numbers;
    case SettingSchema::Type::integers: return "list, each " + numbers;
    case SettingSchema::Type::number: return numbers + (words.empty() ? "" : ", or " + words);
    case SettingSchema::Type::temperature: return numbers + ", `anneal`" + (words.empty() ? "" : ", or " + words);
  }
  return {};
}

std::string settings_table() {
  std::string table = "| key | default | range | source | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const SettingSchema& schema : setting_schemas()) {
    std::string value = "`" + to_text(schema.fallback) + "`", source(schema.source);
    if (schema.flow_fallback && to_text(*schema.flow_fallback) != to_text(schema.fallback))
      value += ", flow `" + to_text(*schema.flow_fallback) + "`";
    if (schema.flow_fallback && schema.flow_source != schema.source) source += ", flow " + std::string(schema.flow_source);
    table += "| `" + std::string(schema.key) + "` | " + value + " | " + range_of(schema) + " | " + source + " | " +
             std::string(schema.meaning) + " |\n";
  }
  return table;
}

TEST(Docs, SettingsTableIsTheSchema) { expect_part(root / "docs" / "language.md", "settings", settings_table()); }

TEST(Docs, ErrorIndexIsComplete) {
  std::string table = "| code | severity | |\n| --- | --- | --- |\n";
  for (const CodeInfo& code : all_codes())
    table += "| [" + std::string(code.name) + "](" + std::string(code.name) + ".md) | " +
             (code.severity == Severity::error ? "error" : "warning") + " | " + std::string(code.title) + " |\n";
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
    for (const std::string& item : item_names(declaration)) expect_word(section(page, heading), item, heading);
  for (auto kind = static_cast<int>(TokenKind::Import); kind <= static_cast<int>(TokenKind::Torque); ++kind)
    expect_word(section(page, "Text"), spelling(static_cast<TokenKind>(kind)), "Text");
}

TEST(Docs, LanguagePageKnowsTheLimits) {
  const std::string limits = section(read_page(root / "docs" / "language.md"), "Limits");
  const auto expect_row = [&](const std::string& row) { EXPECT_NE(limits.find(row), std::string::npos) << row; };
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
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') word += c;
        else words.insert(std::exchange(word, ""));
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
