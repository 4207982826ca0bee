#include "runtime/simulation/canvas.h"

#include <algorithm>
#include <cmath>

namespace motet {
namespace {

std::uint8_t to_byte(double x) {
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(x, 0.0, 1.0)));
}

void blend(std::uint8_t& byte, double value, double opacity) {
  byte = to_byte(byte / 255.0 * (1 - opacity) + value * opacity);
}

}  // namespace

Canvas::Canvas(int width, int height, Color background)
    : image_{
          width, height,
          std::vector<std::uint8_t>(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))} {
  for (std::size_t i = 0; i < image_.rgb.size(); i += 3) {
    image_.rgb[i] = to_byte(background.red);
    image_.rgb[i + 1] = to_byte(background.green);
    image_.rgb[i + 2] = to_byte(background.blue);
  }
}

template <typename Distance>
void Canvas::paint(double x0, double y0, double x1, double y1, Color color, double opacity,
                   Distance distance) {
  const int left = std::max(0, static_cast<int>(std::floor(x0)) - 1);
  const int top = std::max(0, static_cast<int>(std::floor(y0)) - 1);
  const int right = std::min(image_.width - 1, static_cast<int>(std::ceil(x1)) + 1);
  const int bottom = std::min(image_.height - 1, static_cast<int>(std::ceil(y1)) + 1);
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const double covered = std::clamp(0.5 - distance(x + 0.5, y + 0.5), 0.0, 1.0) * opacity;
      if (covered <= 0) continue;
      std::uint8_t* pixel =
          &image_.rgb[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image_.width) +
                           static_cast<std::size_t>(x))];
      blend(pixel[0], color.red, covered);
      blend(pixel[1], color.green, covered);
      blend(pixel[2], color.blue, covered);
    }
  }
}

void Canvas::rectangle(double x0, double y0, double x1, double y1, Color color, double opacity) {
  paint(x0, y0, x1, y1, color, opacity, [=](double x, double y) {
    return std::max({x0 - x, x - x1, y0 - y, y - y1});
  });
}

void Canvas::line(double x0, double y0, double x1, double y1, double width, Color color, double opacity) {
  const double dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy, half = width / 2;
  paint(std::min(x0, x1) - half, std::min(y0, y1) - half, std::max(x0, x1) + half, std::max(y0, y1) + half,
        color, opacity, [=](double x, double y) {
          const double along =
              length2 > 0 ? std::clamp(((x - x0) * dx + (y - y0) * dy) / length2, 0.0, 1.0) : 0;
          return std::hypot(x - x0 - along * dx, y - y0 - along * dy) - half;
        });
}

void Canvas::disc(double x, double y, double radius, Color color, double opacity) {
  line(x, y, x, y, 2 * radius, color, opacity);
}

void Canvas::ring(double x, double y, double radius, double width, Color color, double opacity) {
  const double reach = radius + width / 2;
  paint(x - reach, y - reach, x + reach, y + reach, color, opacity,
        [=](double px, double py) { return std::abs(std::hypot(px - x, py - y) - radius) - width / 2; });
}

}  // namespace motet
