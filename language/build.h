#pragma once

// From the concrete tree of a declaration to the syntax tree.

#include <optional>

#include "language/cst.h"
#include "language/diagnostic.h"
#include "language/parse.h"
#include "language/syntax.h"

namespace motet {

struct BuildContext {
  std::uint32_t file;
  std::string_view text;
  const ParseLimits& limits;
  Diagnostics& diagnostics;
};

// The declaration, unless it has an error that leaves no tree. Parts that failed to parse are passed
// over, so that the others are still checked. Errors: M0004, M0101-M0104.
std::optional<syntax::Declaration> build(const Cst& cst, BuildContext context);

}  // namespace motet
