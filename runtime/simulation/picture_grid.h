#pragma once

#include <vector>

#include "runtime/simulation/render.h"

namespace motet {

// Pictures of one size in rows and columns, with some white between them. Each row has as many.
Image picture_grid(const std::vector<std::vector<const Image*>>& rows);

}  // namespace motet
