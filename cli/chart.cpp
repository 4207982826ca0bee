#include "cli/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "cli/axis.h"
#include "cli/svg.h"

namespace motet::cli {

namespace {

constexpr double width = 760, height = 460;
constexpr double left = 78, right = 24, top = 46, bottom = 58;

class Canvas {
 public:
  Canvas(Axis x, Axis y) : x_(x), y_(y) {}

  double at_x(double value) const {
    return left + (value - x_.low) / (x_.high - x_.low) * (width - left - right);
  }
  double at_y(double value) const {
    return height - bottom - (value - y_.low) / (y_.high - y_.low) * (height - top - bottom);
  }

  void line(double x1, double y1, double x2, double y2, const char* style) {
    put("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2, y2, style);
  }
  void text(double x, double y, const char* style, const std::string& content) {
    put("<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style);
    svg += svg_escape(content) + "</text>\n";
  }
  template <typename... Values>
  void put(const char* form, Values... values) {
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, form, values...);
    svg += buffer;
  }
  std::string points(const std::vector<double>& x, const std::vector<double>& y,
                     bool backwards = false) const {
    std::string result;
    for (std::size_t k = 0; k < x.size(); ++k) {
      const std::size_t i = backwards ? x.size() - 1 - k : k;
      if (!std::isfinite(y[i])) continue;
      char buffer[60];
      std::snprintf(buffer, sizeof buffer, "%.1f,%.1f ", at_x(x[i]), at_y(y[i]));
      result += buffer;
    }
    return result;
  }

  std::string svg;

 private:
  Axis x_, y_;
};

void draw_axes(Canvas& canvas, const Chart& chart, const Axis& x, const Axis& y) {
  for (const double value : y.ticks()) {
    canvas.line(left, canvas.at_y(value), width - right, canvas.at_y(value), "stroke=\"#e4e4e4\"");
    canvas.text(left - 8, canvas.at_y(value) + 4, "text-anchor=\"end\" fill=\"#444\"",
                tick_text(value, y.step));
  }
  for (const double value : x.ticks())
    canvas.text(canvas.at_x(value), height - bottom + 20, "text-anchor=\"middle\" fill=\"#444\"",
                tick_text(value, x.step));
  canvas.line(left, height - bottom, width - right, height - bottom, "stroke=\"#444\"");
  canvas.text((left + width - right) / 2, height - 14, "text-anchor=\"middle\"", chart.x_label);
  canvas.text((left + width - right) / 2, 24, "text-anchor=\"middle\" font-size=\"16\" font-weight=\"bold\"",
              chart.title);
  canvas.put("<text transform=\"translate(20 %.1f) rotate(-90)\" text-anchor=\"middle\">",
             (top + height - bottom) / 2);
  canvas.svg += svg_escape(chart.y_label) + "</text>\n";
}

void draw_series(Canvas& canvas, const Series& series, const char* colour) {
  if (!series.low.empty())
    canvas.svg += "<polygon fill=\"" + std::string(colour) + "\" fill-opacity=\"0.18\" points=\"" +
                  canvas.points(series.x, series.low) + canvas.points(series.x, series.high, true) + "\"/>\n";
  canvas.svg += "<polyline fill=\"none\" stroke=\"" + std::string(colour) +
                "\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"" +
                canvas.points(series.x, series.y) + "\"/>\n";
}

struct Box {
  double x, y, width, height;

  bool has(double px, double py) const { return px >= x && px <= x + width && py >= y && py <= y + height; }
};

// The corner where it hides the least.
Box legend_box(const Canvas& canvas, const Chart& chart) {
  std::size_t longest = 0;
  for (const Series& series : chart.series) longest = std::max(longest, series.name.size());
  const double wide = std::min(width - left - right - 4, 50 + 7.2 * static_cast<double>(longest));
  const double high = 20.0 * static_cast<double>(chart.series.size()) + 6;
  const double east = width - right - wide, west = left + 4, south = height - bottom - high - 4,
               north = top + 2;
  Box best{};
  int least = std::numeric_limits<int>::max();
  for (const Box box :
       {Box{east, south, wide, high}, Box{west, north, wide, high}, Box{east, north, wide, high}}) {
    int hidden = 0;
    for (const Series& series : chart.series)
      for (const auto* values : {&series.y, &series.low, &series.high})
        for (std::size_t i = 0; i < values->size(); ++i)
          hidden += box.has(canvas.at_x(series.x[i]), canvas.at_y((*values)[i]));
    if (hidden >= least) continue;
    least = hidden;
    best = box;
  }
  return best;
}

void draw_legend(Canvas& canvas, const Chart& chart) {
  const Box box = legend_box(canvas, chart);
  canvas.put(
      "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\" fill=\"#fff\" "
      "fill-opacity=\"0.85\"/>\n",
      box.x, box.y, box.width, box.height);
  double y = box.y + 16;
  for (std::size_t i = 0; i < chart.series.size(); ++i, y += 20) {
    const std::string style =
        "stroke-width=\"3\" stroke=\"" + std::string(palette[i % palette.size()]) + "\"";
    canvas.line(box.x + 8, y - 4, box.x + 32, y - 4, style.c_str());
    canvas.text(box.x + 40, y, "", chart.series[i].name);
  }
}

}  // namespace

std::string to_svg(const Chart& chart) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double x_low = infinity, x_high = -infinity, y_low = infinity, y_high = -infinity;
  for (const Series& series : chart.series) {
    for (const double value : series.x) x_low = std::min(x_low, value), x_high = std::max(x_high, value);
    for (const auto* values : {&series.y, &series.low, &series.high})
      for (const double value : *values)
        if (std::isfinite(value)) y_low = std::min(y_low, value), y_high = std::max(y_high, value);
  }
  const Axis x = axis_over(std::min(0.0, x_low), x_high);
  const Axis y = axis_over(y_low, y_high);
  Canvas canvas(x, y);
  canvas.put(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
      "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"#222\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
      width, height, width, height);
  draw_axes(canvas, chart, x, y);
  for (std::size_t i = 0; i < chart.series.size(); ++i)
    draw_series(canvas, chart.series[i], palette[i % palette.size()]);
  draw_legend(canvas, chart);
  return canvas.svg + "</svg>\n";
}

}  // namespace motet::cli
