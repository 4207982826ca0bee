#pragma once

// What holds of the parser and the formatter for every input, however broken.

#include <string>
#include <string_view>

#include "language/format.h"
#include "language/parse.h"

namespace motet::testing {

// Empty, or what does not hold.
inline std::string broken_parse_property(std::string_view text) {
  SourceMap sources;
  Diagnostics diagnostics;
  const auto file = sources.add("input", std::string(text));
  const syntax::Module module = parse(sources, file, diagnostics);
  for (const Diagnostic& d : diagnostics.all()) {
    if (d.message.empty()) return "a diagnostic without a message";
    if (d.primary.span.end < d.primary.span.begin || d.primary.span.end > text.size())
      return "a span out of the file";
  }
  diagnostics.sort();
  const std::string rendered = render_text(diagnostics, sources, true) + render_json(diagnostics, sources);
  if (rendered.empty()) return "nothing was rendered";
  if (dump(module, sources).size() > (text.size() + 10) * 3000) return "the tree is far larger than the text";
  if (diagnostics.has_errors()) return "";

  const std::string once = format(module, sources);
  SourceMap again;
  const auto second = again.add("formatted", once);
  const syntax::Module reparsed = parse(again, second, diagnostics);
  if (diagnostics.has_errors()) return "the formatted text has an error:\n" + once;
  if (dump(reparsed, again, false) != dump(module, sources, false))
    return "formatting changed the meaning:\n" + once;
  const std::string twice = format(reparsed, again);
  if (twice != once) return "formatting twice changed the text:\n" + once + "-----\n" + twice;
  return "";
}

}  // namespace motet::testing
