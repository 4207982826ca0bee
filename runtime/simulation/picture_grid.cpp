#include "runtime/simulation/picture_grid.h"

#include <algorithm>

namespace motet {

Image picture_grid(const std::vector<std::vector<const Image*>>& rows) {
  constexpr std::size_t gap = 4;  // pixels
  const auto width = static_cast<std::size_t>(rows[0][0]->width);
  const auto height = static_cast<std::size_t>(rows[0][0]->height);
  const std::size_t total_width = rows[0].size() * (width + gap) - gap;
  const std::size_t total_height = rows.size() * (height + gap) - gap;
  Image grid{static_cast<int>(total_width), static_cast<int>(total_height),
             std::vector<std::uint8_t>(3 * total_width * total_height, 255)};
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j)
      for (std::size_t y = 0; y < height; ++y)
        std::copy_n(rows[i][j]->rgb.data() + 3 * width * y, 3 * width,
                    grid.rgb.data() + 3 * (total_width * (i * (height + gap) + y) + j * (width + gap)));
  return grid;
}

}  // namespace motet
