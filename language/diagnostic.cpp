#include "language/diagnostic.h"

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>

namespace motet {

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> codes = {
#define MOTET_CODE(code, severity, title) {Code::code, #code, Severity::severity, title},
#include "language/codes.def"
#undef MOTET_CODE
  };
  return codes;
}

const CodeInfo& info(Code code) {
  return all_codes()[static_cast<std::size_t>(code)];
}

std::optional<Code> find_code(std::string_view name) {
  const auto same = [](char a, char b) {
    return std::toupper(static_cast<unsigned char>(a)) == std::toupper(static_cast<unsigned char>(b));
  };
  for (const CodeInfo& code : all_codes())
    if (std::equal(code.name.begin(), code.name.end(), name.begin(), name.end(), same)) return code.code;
  return std::nullopt;
}

void Diagnostics::add(Diagnostic diagnostic) {
  std::size_t& count = diagnostic.severity() == Severity::error ? errors_ : warnings_;
  ++count;
  const auto says_more = [](const Diagnostic& d) { return d.code == Code::M0005; };
  if (count <= limit) {
    all_.push_back(std::move(diagnostic));
  } else if (std::none_of(all_.rbegin(), all_.rend(), says_more)) {
    // Errors and warnings have a limit each, so that no flood of warnings hides an error.
    auto message = "there are more diagnostics than the " + std::to_string(limit) + " that are shown";
    all_.push_back(
        {.code = Code::M0005, .message = std::move(message), .primary = {diagnostic.primary.span, ""}});
  }
}

void Diagnostics::sort() {
  const auto key = [](const Diagnostic& d) {
    const Span& span = d.primary.span;
    return std::tuple(d.code == Code::M0005, span.file, span.begin, span.end, d.code);
  };
  std::stable_sort(all_.begin(), all_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  const auto repeats = [&](const Diagnostic& a, const Diagnostic& b) {
    if (key(a) != key(b) || a.message != b.message) return false;
    --(b.severity() == Severity::error ? errors_ : warnings_);
    return true;
  };
  all_.erase(std::unique(all_.begin(), all_.end(), repeats), all_.end());
}

}  // namespace motet
