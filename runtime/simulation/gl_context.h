#pragma once

// OpenGL without a screen.
//
// libEGL and libOSMesa are opened while the program runs and never linked: MuJoCo takes OpenGL's
// functions from the one it finds in the process, so only the one in use may be there.

#include <memory>
#include <string>

#include "compiler/plan/result.h"

namespace motet {

class GlContext {
 public:
  // EGL, and OSMesa where that fails; the environment variable MUJOCO_GL (egl, osmesa) picks one. The
  // error says what to install.
  static Result<std::unique_ptr<GlContext>> make();
  virtual ~GlContext() = default;
  // In the calling thread.
  virtual bool make_current() = 0;
  // "EGL (llvmpipe, ...)"; while the context is current.
  virtual std::string name() const = 0;
};

Result<std::unique_ptr<GlContext>> make_egl_context();
Result<std::unique_ptr<GlContext>> make_osmesa_context();

}  // namespace motet
