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

#include <map>
#include <memory>

#include "compiler/check.h"
#include "docs_pages.h"
#include "golden.h"
#include "language/format.h"
#include "language/modules.h"

namespace motet::testing {
namespace {

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

std::string file_name_of(const Fence& fence) {
  return fence.has("name") ? fence.get("name") : "program.motet";
}

std::unique_ptr<Checked> check_text(const fs::path& models, const std::string& name,
                                    const std::string& text) {
  const Workplace workplace(models);
  workplace.write(name, text);
  auto checked = std::make_unique<Checked>();
  checked->program =
      load_program(name, ModuleSearch{{root / "library"}}, checked->sources, checked->diagnostics);
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
  for (const char* block : {"robot x", "world x", "skill x"})
    forms.push_back(std::string(block) + " {\n" + indented(text) + "}\n");
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
  if (!parses)
    ADD_FAILURE() << place(page, fence.line)
                  << ": parses neither as declarations nor as items nor as expressions";
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
      ADD_FAILURE() << place(page, fence.line) << ": these lines do not stand so in " << fence.get("excerpt")
                    << "\n"
                    << text;
    }
    part.clear();
  };
  for (const std::string& line : split_lines(fence.text)) {
    if (line.find("…") == std::string::npos)
      part.push_back(trimmed(line));
    else
      expect_part();
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
        << place(page_, fence.line) << "\n"
        << checked_->text();
    EXPECT_EQ(checked_->codes(Severity::warning), listed(fence.get("warning")))
        << place(page_, fence.line) << "\n"
        << checked_->text();
    const auto canonical = formatted(program_);
    if (canonical && *canonical != program_)
      ADD_FAILURE() << place(page_, fence.line) << ": not canonical in "
                    << first_difference(*canonical, program_);
  }

  void see_diagnostic(const Fence& fence) {
    ASSERT_NE(checked_, nullptr) << place(page_, fence.line) << ": there is no program above it";
    const std::string said =
        fence.language == "json" ? render_json(checked_->diagnostics, checked_->sources) : checked_->text();
    if (said == fence.text) return;
    if (rewriting_golden())
      rewritten_[fence.line] = {fence, said};
    else
      ADD_FAILURE() << place(page_, fence.line) << ": the program is told\n" << said;
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
      for (const std::string& line : split_lines(text))
        out << (line.empty() ? "" : fence.indentation + line) << '\n';
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
      if (fence.language == "motet")
        programs.see(fence);
      else if (fence.has("diagnostic"))
        programs.see_diagnostic(fence);
      else if (fence.has("excerpt"))
        expect_excerpt(page, fence);
    }
    programs.finish();
  }
}

// --- form -------------------------------------------------------------------------------------

TEST(Docs, FencesSayWhatTheyAre) {
  const std::set<std::string> languages = {"motet", "toml", "console", "text", "cpp",
                                           "cmake", "xml",  "json",    "bash"};
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
          << place(page, link.line) << ": " << file << " has no heading for #"
          << link.target.substr(hash + 1);
    }
}

}  // namespace
}  // namespace motet::testing
