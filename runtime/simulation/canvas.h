#pragma once

// A picture to draw simple shapes on, with smooth edges.

#include <cstdint>

#include "runtime/simulation/render.h"

namespace motet {

struct Color {
  double red = 0, green = 0, blue = 0;  // [0, 1]
};

// Coordinates in pixels from the upper left corner.
class Canvas {
 public:
  Canvas(int width, int height, Color background);

  void rectangle(double x0, double y0, double x1, double y1, Color color, double opacity = 1);
  // Round ends.
  void line(double x0, double y0, double x1, double y1, double width, Color color, double opacity = 1);
  void disc(double x, double y, double radius, Color color, double opacity = 1);
  void ring(double x, double y, double radius, double width, Color color, double opacity = 1);

  const Image& image() const { return image_; }

 private:
  // Paints pixels in a box by how far their middle lies within the shape: distance(x, y), negative
  // inside.
  template <typename Distance>
  void paint(double x0, double y0, double x1, double y1, Color color, double opacity, Distance distance);

  Image image_;
};

}  // namespace motet
