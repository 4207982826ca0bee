#include "runtime/simulation/render.h"
#include "runtime/simulation/renderers.h"

namespace motet {
namespace {

constexpr int largest_side = 8192;  // pixels

}  // namespace

Result<std::unique_ptr<Renderer>> Renderer::make(const World& world, const RenderOptions& options) {
  const auto fits = [](int side) { return side >= 16 && side <= largest_side; };
  if (!fits(options.width) || !fits(options.height)) {
    return Error{"a picture of " + std::to_string(options.width) + " x " + std::to_string(options.height) +
                 " pixels cannot be made: a side has 16 to " + std::to_string(largest_side)};
  }
  if (world.physics().model() != nullptr) return make_mujoco_renderer(world, options);
  if (!options.camera.empty()) return Error{"a point has no cameras to choose from"};
  return make_point_renderer(world, options);
}

}  // namespace motet
