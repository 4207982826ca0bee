#pragma once

#include "language/diagnostic.h"
#include "language/syntax.h"

namespace motet {

// What a parser accepts before it says no. A file past a limit gives M0003 or M0004.
struct ParseLimits {
  std::size_t file_bytes = 4u << 20;
  std::size_t declaration_words = 100'000;
  int nesting = 100;  // brackets and blocks inside each other
  int depth = 1000;   // levels of the tree of one expression, which chains of operators build as well
};

// Parses one file. Always returns a module: declarations with a syntax error are left out of it,
// and the others are there. Never throws. Errors: M0002-M0004, M01xx.
syntax::Module parse(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics,
                     const ParseLimits& limits = {});

}  // namespace motet
