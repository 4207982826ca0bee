#pragma once

// Declarations that need themselves.

#include <vector>

#include "compiler/check/scope.h"

namespace motet::checking {

// All declarations, what is used before what uses it. Reports every circle (M0201 among skills,
// M0306 among lets and rewards) with its path, and marks what lies on one and what leads to one.
std::vector<DeclaredId> order_and_find_circles(std::vector<Declared>& all, Report& report);

}  // namespace motet::checking
