#pragma once

// Which declarations an expression names.

#include <string>
#include <vector>

#include "language/syntax.h"

namespace motet::checking {

// Whether the arguments of this call are names in a model: body(torso).
bool names_elements(std::string_view call);

// The names in the expression that may be declarations': not parameters, nor names in a model.
std::vector<std::string> names_used(const syntax::Expr& expression,
                                    const std::vector<syntax::Name>& parameters);
std::vector<std::string> names_used(const syntax::SkillExpr& expression);

}  // namespace motet::checking
