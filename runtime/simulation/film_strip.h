#pragma once

// At most 8 frames of a film, evenly spaced, side by side: its first, its last and those between.

#include <cstdint>
#include <vector>

#include "runtime/simulation/render.h"

namespace motet {

class FilmStrip {
 public:
  static constexpr std::size_t frames_shown = 8;

  // Frames of one size. Keeps a few of them, however many come.
  void add(const Image& image);
  // At least one frame was added.
  Image picture() const;

 private:
  static constexpr std::size_t most_kept = 64;

  std::vector<Image> kept_;  // every stride_-th frame from the first on
  Image last_;
  std::int64_t stride_ = 1, count_ = 0;
};

}  // namespace motet
