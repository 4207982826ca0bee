// Level curves, paths and dots as SVG.

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/svg.h"
#include "cli/trajectories.h"

namespace motet::cli {

namespace {

constexpr double large = 566, small = 150, left = 64, top = 44, gap = 58;
constexpr int curves = 14;

// Some four round numbers in a range.
std::vector<double> ticks(double low, double high) {
  const double power = std::pow(10, std::floor(std::log10((high - low) / 4)));
  double step = power;
  for (const double factor : {1., 2., 5., 10.}) {
    step = factor * power;
    if (step >= (high - low) / 6) break;
  }
  std::vector<double> found;
  for (double i = std::ceil(low / step); i * step <= high; ++i) found.push_back(i * step + 0.0);  // no -0
  return found;
}

class PanelDrawing {
 public:
  PanelDrawing(const LevelPanel& panel, double x, double y, double size)
      : panel_(panel), x_(x), y_(y), size_(size) {}

  std::string draw() {
    const Levels& levels = panel_.levels;
    put("<g>\n<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#fff\" stroke=\"#444\"/>\n",
        x_, y_, size_, size_);
    level_curves();
    for (const Path& path : panel_.paths) {
      svg_ +=
          "<polyline fill=\"none\" stroke=\"#0072b2\" stroke-opacity=\"0.55\" stroke-width=\"1\" points=\"";
      for (std::size_t i = 0; i < path.x.size(); ++i) put("%.1f,%.1f ", at_x(path.x[i]), at_y(path.y[i]));
      svg_ += "\"/>\n";
    }
    for (std::size_t i = 0; i < panel_.dots.x.size(); ++i)
      put("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.4\" fill=\"#0072b2\" stroke=\"#fff\" "
          "stroke-width=\"0.6\"/>\n",
          at_x(panel_.dots.x[i]), at_y(panel_.dots.y[i]));
    for (std::size_t i = 0; i < panel_.marks.x.size(); ++i)
      put("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"none\" stroke=\"#000\" stroke-width=\"1.6\"/>\n",
          at_x(panel_.marks.x[i]), at_y(panel_.marks.y[i]));

    for (const double x : ticks(levels.x_low, levels.x_high))
      put("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"11\" fill=\"#444\">%.3g</text>\n",
          at_x(x), y_ + size_ + 15, x);
    for (const double y : ticks(levels.y_low, levels.y_high))
      put("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" font-size=\"11\" fill=\"#444\">%.3g</text>\n",
          x_ - 5, at_y(y) + 4, y);
    text(x_ + size_ / 2, y_ - 10, panel_.title, "text-anchor=\"middle\" font-weight=\"bold\"");
    text(x_ + size_ / 2, y_ + size_ + 31, panel_.x_label, "text-anchor=\"middle\" font-size=\"12\"");
    put("<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\" font-size=\"12\">",
        x_ - 40, y_ + size_ / 2);
    svg_ += svg_escape(panel_.y_label) + "</text>\n</g>\n";
    return std::move(svg_);
  }

 private:
  double at_x(double value) const {
    return x_ + (value - panel_.levels.x_low) / (panel_.levels.x_high - panel_.levels.x_low) * size_;
  }
  double at_y(double value) const {
    return y_ + size_ - (value - panel_.levels.y_low) / (panel_.levels.y_high - panel_.levels.y_low) * size_;
  }

  // By marching squares, at values that part the cells evenly: from blue, low, to red, high.
  void level_curves() {
    const Levels& levels = panel_.levels;
    std::vector<double> sorted = levels.values;
    std::sort(sorted.begin(), sorted.end());
    for (int i = 0; i < curves; ++i) {
      const double part = (i + 0.5) / curves;
      const double level = sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
      std::string d;
      for (std::size_t row = 0; row + 1 < levels.rows; ++row)
        for (std::size_t column = 0; column + 1 < levels.columns; ++column) cross(row, column, level, d);
      const int red = static_cast<int>(40 + 200 * part), blue = static_cast<int>(240 - 200 * part);
      put("<path fill=\"none\" stroke=\"rgb(%d,90,%d)\" stroke-width=\"1\" stroke-opacity=\"0.8\" d=\"", red,
          blue);
      svg_ += d + "\"/>\n";
    }
  }

  // The pieces of a level's curve in one cell, corners counted around it.
  void cross(std::size_t row, std::size_t column, double level, std::string& d) const {
    const Levels& levels = panel_.levels;
    const std::size_t rows[] = {row, row, row + 1, row + 1},
                      columns[] = {column, column + 1, column + 1, column};
    const auto value = [&](int i) { return levels.values[rows[i] * levels.columns + columns[i]]; };
    const auto x = [&](int i) {
      return levels.x_low + (levels.x_high - levels.x_low) * static_cast<double>(columns[i]) /
                                static_cast<double>(levels.columns - 1);
    };
    const auto y = [&](int i) {
      return levels.y_low + (levels.y_high - levels.y_low) * static_cast<double>(rows[i]) /
                                static_cast<double>(levels.rows - 1);
    };
    int found = 0;
    for (int i = 0; i < 4; ++i) {
      const int j = (i + 1) % 4;
      if ((value(i) < level) == (value(j) < level)) continue;
      const double t = (level - value(i)) / (value(j) - value(i));
      char point[60];
      std::snprintf(point, sizeof point, "%c%.1f %.1f", found++ % 2 == 0 ? 'M' : 'L',
                    at_x(x(i) + t * (x(j) - x(i))), at_y(y(i) + t * (y(j) - y(i))));
      d += point;
    }
  }

  void text(double x, double y, const std::string& content, const char* style) {
    put("<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style);
    svg_ += svg_escape(content) + "</text>\n";
  }
  template <typename... Values>
  void put(const char* form, Values... values) {
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, form, values...);
    svg_ += buffer;
  }

  const LevelPanel& panel_;
  double x_, y_, size_;
  std::string svg_;
};

}  // namespace

std::string to_svg(const std::vector<LevelPanel>& panels) {
  const auto beside = static_cast<double>(panels.size() - 1);
  const double width = left + large + 24 + (panels.size() > 1 ? gap + small : 0);
  const double height = top + std::max(large, beside * (small + gap) - gap) + 46;
  char head[500];
  std::snprintf(
      head, sizeof head,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
      "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"#222\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
      width, height, width, height);
  std::string svg = head + PanelDrawing(panels[0], left, top, large).draw();
  for (std::size_t i = 1; i < panels.size(); ++i)
    svg +=
        PanelDrawing(panels[i], left + large + gap, top + static_cast<double>(i - 1) * (small + gap), small)
            .draw();
  return svg + "</svg>\n";
}

}  // namespace motet::cli
