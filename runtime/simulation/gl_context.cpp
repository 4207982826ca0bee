#include "runtime/simulation/gl_context.h"

#include <cstdlib>
#include <string_view>

namespace motet {

Result<std::unique_ptr<GlContext>> GlContext::make() {
  const char* variable = std::getenv("MUJOCO_GL");
  const std::string_view wanted = variable == nullptr ? "" : variable;
  std::string reasons;
  if (wanted != "osmesa") {
    Result<std::unique_ptr<GlContext>> egl = make_egl_context();
    if (egl) return egl;
    reasons = egl.error().message;
  }
  if (wanted != "egl") {
    Result<std::unique_ptr<GlContext>> osmesa = make_osmesa_context();
    if (osmesa) return osmesa;
    reasons += (reasons.empty() ? "" : "; ") + osmesa.error().message;
  }
  return Error{"pictures cannot be rendered on this machine: " + reasons +
               ". Install EGL with Mesa's driver (on Debian: apt install libegl1 libegl-mesa0 "
               "libgl1-mesa-dri) or OSMesa (apt install libosmesa6)"};
}

}  // namespace motet
