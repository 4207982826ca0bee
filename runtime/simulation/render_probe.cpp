#include "runtime/simulation/gl_context.h"
#include "runtime/simulation/render.h"

namespace motet {

Result<std::string> probe_renderer() {
  const Result<std::unique_ptr<GlContext>> context = GlContext::make();
  if (!context) return context.error();
  if (!(*context)->make_current()) return Error{"an OpenGL context was made and cannot be used"};
  return (*context)->name();
}

}  // namespace motet
