#pragma once

// Diagnostics as data. They are collected by the phases and rendered by the clients
// (text for people, JSON for tools); tests assert codes, never wording.

#include <optional>
#include <string>
#include <vector>

#include "language/source.h"

namespace motet {

enum class Severity { error, warning };

// Every diagnostic that exists, from codes.def. A code never changes its meaning and is never
// given away again.
enum class Code {
#define MOTET_CODE(code, severity, title) code,
#include "language/codes.def"
#undef MOTET_CODE
};

struct CodeInfo {
  Code code;
  std::string_view name;  // "M0214"
  Severity severity;
  std::string_view title;  // one line, for the index of codes
};

const CodeInfo& info(Code code);
// The code of that name ("M0214", in any case), if there is one.
std::optional<Code> find_code(std::string_view name);
const std::vector<CodeInfo>& all_codes();

// A place in a source, with what is to be said about it. The text may be empty.
struct Label {
  Span span;
  std::string text;
};

// An edit that would resolve the diagnostic.
struct Fix {
  Span span;
  std::string replacement;
};

struct Diagnostic {
  Code code;
  std::string message;                // one sentence, no full stop
  Label primary;                      // where
  std::vector<Label> secondary = {};  // the other side of a clash
  std::vector<std::string> notes = {};
  std::vector<std::string> help = {};  // what to do
  std::optional<Fix> fix = {};

  Severity severity() const { return info(code).severity; }
};

// Collects diagnostics, up to a limit; past it they are counted and dropped, and the last one
// kept is M0005, which says so.
class Diagnostics {
 public:
  static constexpr std::size_t limit = 200;

  void add(Diagnostic diagnostic);
  const std::vector<Diagnostic>& all() const { return all_; }
  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  // Orders by file and position, and drops exact repetitions.
  void sort();

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

// The form that `motet check` prints; `colour` for terminals.
std::string render_text(const Diagnostics& diagnostics, const SourceMap& sources, bool colour);
// One JSON object, `{"diagnostics": [...], "errors": N, "warnings": N}`. See docs/language.md.
std::string render_json(const Diagnostics& diagnostics, const SourceMap& sources);

// The candidate nearest to `name` (Damerau-Levenshtein, at most a third of its length away, at
// least one), for did-you-mean.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace motet
