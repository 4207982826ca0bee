#pragma once

// Lets that are the same in every world.

#include <vector>

#include "compiler/check/scope.h"

namespace motet::checking {

// By declaration: whether it reads no signal, sample or draw, by itself or through what it uses.
std::vector<bool> find_constants(const Scope& scope);

}  // namespace motet::checking
