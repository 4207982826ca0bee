#pragma once

// The kinds of renderer.

#include "runtime/simulation/render.h"

namespace motet {

Result<std::unique_ptr<Renderer>> make_mujoco_renderer(const World& world, const RenderOptions& options);
std::unique_ptr<Renderer> make_point_renderer(const World& world, const RenderOptions& options);

}  // namespace motet
