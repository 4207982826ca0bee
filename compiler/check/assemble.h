#pragma once

#include "compiler/check/skill.h"

namespace motet::checking {

// The graph of a program without errors: all robots and worlds, the skills that the main module
// declares, and what they stand on. Takes them out of the findings.
PolicyGraph assemble(Context& context, Skills& skills);

}  // namespace motet::checking
