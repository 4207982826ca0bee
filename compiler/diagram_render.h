#pragma once

#include <string>

#include "compiler/plan/result.h"

namespace motet::diagram {

// Lays DOT text out and renders it as "svg", "png" or "pdf", by the Graphviz library in a process of
// its own: what a strange graph makes the library do to memory or time ends there. An error says what
// Graphviz said; nothing is printed. At most five minutes, and 256 MiB of picture.
Result<std::string> render(const std::string& dot, const std::string& format);

}  // namespace motet::diagram
