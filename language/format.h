#pragma once

#include <string>

#include "language/syntax.h"

namespace motet {

// The canonical text of a module that parsed without errors: two spaces of indentation, items of
// a block aligned, lines of at most 100 columns where the text allows it, comments kept.
// format(parse(format(m))) == format(m), and the meaning is unchanged.
std::string format(const syntax::Module& module, const SourceMap& sources);

// A tree as stable text (`motet compile --emit ast`): one node a line with where it stands, children
// indented, then the comments. Without positions: what was meant, without how it was laid out.
std::string dump(const syntax::Module& module, const SourceMap& sources, bool positions = true);

// The canonical text of one expression, on one line and without comments.
std::string format(const syntax::Expr& expression);
std::string format(const syntax::SkillExpr& expression);

}  // namespace motet
