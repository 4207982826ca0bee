#pragma once

#include "compiler/check/context.h"

namespace motet::checking {

// Lets and rewards that nothing has used, checked by themselves: in the worlds that they could be
// meant for, their arguments unknown. Reports what is wrong in the world that they fit best.
void check_unused_values(Context& context);

}  // namespace motet::checking
