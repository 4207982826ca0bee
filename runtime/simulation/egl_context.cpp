// OpenGL through EGL, without a surface and without a display server.

#define EGL_NO_X11
#define MESA_EGL_NO_X11_HEADERS
#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <array>

#include "runtime/simulation/dynamic_library.h"
#include "runtime/simulation/gl_context.h"

namespace motet {
namespace {

constexpr unsigned gl_renderer = 0x1F01;

struct Egl {
  DynamicLibrary library{"libEGL.so.1"};
  decltype(&eglGetProcAddress) get_proc_address = nullptr;
  decltype(&eglInitialize) initialize = nullptr;
  decltype(&eglBindAPI) bind_api = nullptr;
  decltype(&eglChooseConfig) choose_config = nullptr;
  decltype(&eglCreateContext) create_context = nullptr;
  decltype(&eglDestroyContext) destroy_context = nullptr;
  decltype(&eglMakeCurrent) make_current = nullptr;
  PFNEGLGETPLATFORMDISPLAYEXTPROC get_platform_display = nullptr;
  PFNEGLQUERYDEVICESEXTPROC query_devices = nullptr;

  bool load() {
    if (!library) return false;
    const bool found =
        library.find("eglGetProcAddress", get_proc_address) && library.find("eglInitialize", initialize) &&
        library.find("eglBindAPI", bind_api) && library.find("eglChooseConfig", choose_config) &&
        library.find("eglCreateContext", create_context) &&
        library.find("eglDestroyContext", destroy_context) && library.find("eglMakeCurrent", make_current);
    if (!found) return false;
    extension("eglGetPlatformDisplayEXT", get_platform_display);
    extension("eglQueryDevicesEXT", query_devices);
    return get_platform_display != nullptr;
  }

  template <typename Function>
  void extension(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(get_proc_address(name));
  }
};

class EglContext final : public GlContext {
 public:
  EglContext(Egl egl, EGLDisplay display, EGLContext context)
      : egl_(std::move(egl)), display_(display), context_(context) {}
  ~EglContext() override {
    egl_.make_current(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    egl_.destroy_context(display_, context_);
    egl_.library.keep();  // the display, which others may be using, lives on in it
  }
  bool make_current() override {
    return egl_.make_current(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_) == EGL_TRUE;
  }
  std::string name() const override {
    const unsigned char* (*get_string)(unsigned) = nullptr;
    egl_.extension("glGetString", get_string);
    const unsigned char* renderer = get_string == nullptr ? nullptr : get_string(gl_renderer);
    return renderer == nullptr ? "EGL" : "EGL (" + std::string(reinterpret_cast<const char*>(renderer)) + ")";
  }

 private:
  Egl egl_;
  EGLDisplay display_;
  EGLContext context_;
};

// EGL_NO_CONTEXT where the display cannot do it.
EGLContext open_context(const Egl& egl, EGLDisplay display) {
  if (display == EGL_NO_DISPLAY || egl.initialize(display, nullptr, nullptr) != EGL_TRUE)
    return EGL_NO_CONTEXT;
  if (egl.bind_api(EGL_OPENGL_API) != EGL_TRUE) return EGL_NO_CONTEXT;
  const std::array<EGLint, 5> wanted = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE,
                                        EGL_PBUFFER_BIT, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  egl.choose_config(display, wanted.data(), &config, 1, &count);
  const EGLContext context =
      egl.create_context(display, count > 0 ? config : EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, nullptr);
  if (context == EGL_NO_CONTEXT) return EGL_NO_CONTEXT;
  if (egl.make_current(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_TRUE) return context;
  egl.destroy_context(display, context);
  return EGL_NO_CONTEXT;
}

}  // namespace

Result<std::unique_ptr<GlContext>> make_egl_context() {
  Egl egl;
  if (!egl.library) return Error{"the library libEGL.so.1 is not installed"};
  if (!egl.load()) return Error{"libEGL.so.1 is too old"};

  const EGLDisplay surfaceless =
      egl.get_platform_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
  EGLDisplay display = surfaceless;
  EGLContext context = open_context(egl, display);

  std::array<EGLDeviceEXT, 16> devices{};
  EGLint count = 0;
  if (context == EGL_NO_CONTEXT && egl.query_devices != nullptr) {
    egl.query_devices(static_cast<EGLint>(devices.size()), devices.data(), &count);
  }
  for (EGLint i = 0; i < count && context == EGL_NO_CONTEXT; ++i) {
    display =
        egl.get_platform_display(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr);
    context = open_context(egl, display);
  }
  if (context == EGL_NO_CONTEXT) return Error{"EGL has no driver for OpenGL without a screen"};
  return std::unique_ptr<GlContext>(std::make_unique<EglContext>(std::move(egl), display, context));
}

}  // namespace motet
