#pragma once

// Where the declarations of a file and the items of their blocks begin. With it the parser reads
// one declaration at a time, and a syntax error hides nothing after it.

#include <vector>

#include "language/diagnostic.h"
#include "language/parse.h"
#include "language/token.h"

namespace motet {

// The words [begin, end) of one declaration.
struct DeclarationRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool skip = false;  // has an error that was reported, and cannot be read
};

// Finds the declarations, marks the words that start an item, and repairs on the way: a misspelt
// keyword is reported and replaced by the right one, an unknown item is reported and blanked out
// (its words become Semi). Errors: M0003, M0004, M0101.
std::vector<DeclarationRange> outline(std::vector<Token>& tokens, const SourceMap& sources,
                                      std::uint32_t file, const ParseLimits& limits,
                                      Diagnostics& diagnostics);

}  // namespace motet
