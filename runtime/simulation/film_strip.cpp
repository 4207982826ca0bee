#include "runtime/simulation/film_strip.h"

#include <algorithm>
#include <cmath>

#include "runtime/simulation/picture_grid.h"

namespace motet {

void FilmStrip::add(const Image& image) {
  if (count_ % stride_ == 0) {
    if (kept_.size() == most_kept) {  // every other one is dropped
      for (std::size_t i = 1; 2 * i < kept_.size(); ++i) kept_[i] = std::move(kept_[2 * i]);
      kept_.resize(kept_.size() / 2);
      stride_ *= 2;
    }
    if (count_ % stride_ == 0) kept_.push_back(image);
  }
  last_ = image;
  ++count_;
}

Image FilmStrip::picture() const {
  std::vector<const Image*> chosen;
  const std::size_t shown = std::min<std::size_t>(frames_shown, static_cast<std::size_t>(count_));
  for (std::size_t i = 0; i + 1 < shown; ++i) {
    const double wanted =
        static_cast<double>(count_ - 1) * static_cast<double>(i) / static_cast<double>(shown - 1);
    const auto nearest = static_cast<std::size_t>(std::lround(wanted / static_cast<double>(stride_)));
    chosen.push_back(&kept_[std::min(nearest, kept_.size() - 1)]);
  }
  chosen.push_back(&last_);
  return picture_grid({chosen});
}

}  // namespace motet
