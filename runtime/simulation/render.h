#pragma once

// Pictures of a world, rendered off screen by MuJoCo (EGL without a surface, OSMesa as the fallback;
// a plain drawing for the kinematic point), and videos made of them.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/simulation/world.h"

namespace motet {

struct Image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  // rows from the top
};

struct RenderOptions {
  int width = 640, height = 480;
  std::string camera;  // empty: the model's first camera that frames the robot, else a free one
};

class Renderer {
 public:
  static Result<std::unique_ptr<Renderer>> make(const World& world, const RenderOptions& options);
  virtual ~Renderer() = default;
  virtual Image render(const World& world) = 0;
  virtual std::string backend() const = 0;  // "EGL (llvmpipe ...)", "OSMesa", "built in"
};

// What renders on this machine ("EGL (llvmpipe ...)"), found out by opening it.
Result<std::string> probe_renderer();

// Frames to a file by its ending: .mp4 and .gif through the ffmpeg program (given its arguments
// directly, no shell), .png as a film strip of at most 8 frames. Written beside and renamed.
class VideoWriter {
 public:
  static Result<std::unique_ptr<VideoWriter>> make(const std::filesystem::path& file,
                                                   double frames_per_second);
  virtual ~VideoWriter() = default;
  virtual Status add(const Image& image) = 0;
  virtual Status finish() = 0;
};

}  // namespace motet
