// OpenGL in main memory: Mesa's OSMesa, declared here since its header may not be installed.

#include <array>

#include "runtime/simulation/dynamic_library.h"
#include "runtime/simulation/gl_context.h"

namespace motet {
namespace {

constexpr unsigned gl_rgba = 0x1908;
constexpr unsigned gl_unsigned_byte = 0x1401;

struct OsMesa {
  DynamicLibrary library;
  void* (*create)(unsigned format, int depth, int stencil, int accumulation, void* shared) = nullptr;
  unsigned char (*make_current)(void* context, void* buffer, unsigned type, int width, int height) = nullptr;
  void (*destroy)(void* context) = nullptr;

  // For the whole process: MuJoCo looks there first, and would else take to libGL where something
  // has linked it, whose functions know nothing of this context.
  bool load() {
    for (const char* name : {"libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"}) {
      if (!library) library = DynamicLibrary(name, DynamicLibrary::Scope::process);
    }
    return library.find("OSMesaCreateContextExt", create) &&
           library.find("OSMesaMakeCurrent", make_current) && library.find("OSMesaDestroyContext", destroy);
  }
};

class OsMesaContext final : public GlContext {
 public:
  OsMesaContext(OsMesa osmesa, void* context) : osmesa_(std::move(osmesa)), context_(context) {}
  ~OsMesaContext() override {
    osmesa_.destroy(context_);
    osmesa_.library.keep();
  }
  bool make_current() override {
    return osmesa_.make_current(context_, screen_.data(), gl_unsigned_byte, screen_size, screen_size) != 0;
  }
  std::string name() const override { return "OSMesa"; }

 private:
  // A context wants a screen, though all is drawn beside it.
  static constexpr int screen_size = 16;
  OsMesa osmesa_;
  void* context_;
  std::array<unsigned char, 4 * screen_size * screen_size> screen_{};
};

}  // namespace

Result<std::unique_ptr<GlContext>> make_osmesa_context() {
  OsMesa osmesa;
  if (!osmesa.load()) return Error{"the library libOSMesa.so.8 is not installed"};
  void* context = osmesa.create(gl_rgba, 24, 8, 0, nullptr);
  if (context == nullptr) return Error{"OSMesa cannot make a context"};
  std::unique_ptr<GlContext> made = std::make_unique<OsMesaContext>(std::move(osmesa), context);
  if (!made->make_current()) return Error{"OSMesa cannot make its context current"};
  return made;
}

}  // namespace motet
