#pragma once

// The parts of checking a world.

#include "compiler/check/context.h"

namespace motet::checking {

// What each part works on.
class WorldCheck {
 public:
  WorldCheck(Context& context, CheckedWorld& world)
      : context_(context),
        report_(context.report),
        world_(world),
        module_(context.scope[world.id].module),
        syntax_(context.world_syntax(world.id)) {}

 protected:
  Context& context_;
  Report& report_;
  CheckedWorld& world_;
  const std::uint32_t module_;
  const syntax::World& syntax_;
};

// Where a world is and how long an episode lasts: its robot, its scene, its horizon.
void check_scene(Context& context, CheckedWorld& world);

}  // namespace motet::checking
