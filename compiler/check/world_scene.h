#pragma once

#include "compiler/check/context.h"

namespace motet::checking {

// Where a world is and how long an episode lasts: its robot, its scene, its horizon.
void check_scene(Context& context, CheckedWorld& world);

}  // namespace motet::checking
