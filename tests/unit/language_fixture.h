#pragma once

// Parses a text and keeps all that came of it.

#include <algorithm>
#include <string>
#include <vector>

#include "language/format.h"
#include "language/parse.h"

namespace motet::testing {

struct Parsed {
  SourceMap sources;
  Diagnostics diagnostics;
  syntax::Module module;

  explicit Parsed(std::string text, const ParseLimits& limits = {}) {
    const auto file = sources.add("test.motet", std::move(text));
    module = parse(sources, file, diagnostics, limits);
  }

  // "M0101 M0103", in the order of the text.
  std::string codes() {
    diagnostics.sort();
    std::string result;
    for (const Diagnostic& d : diagnostics.all())
      result += (result.empty() ? "" : " ") + std::string(info(d.code).name);
    return result;
  }
  std::string rendered() const { return render_text(diagnostics, sources, false); }
  std::string meaning() const { return dump(module, sources, false); }
  std::string formatted() const { return format(module, sources); }

  template <class T>
  const T& declaration(std::size_t i = 0) const {
    return std::get<T>(module.declarations.at(i));
  }
};

// What is shown of the value of `let x = TEXT`.
inline std::string expression(const std::string& text) {
  const Parsed parsed("let x = " + text + "\n");
  if (parsed.diagnostics.has_errors()) return parsed.rendered();
  return format(parsed.declaration<syntax::Let>().value);
}

}  // namespace motet::testing
