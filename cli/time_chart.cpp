#include "cli/time_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/axis.h"
#include "cli/svg.h"

namespace motet::cli {

namespace {

constexpr double width = 960, left = 78, right = 178, top = 98, bottom = 52;
constexpr double plot = width - left - right;
constexpr double between_rows = 8, over_heading = 38, rim = 3;
constexpr double most_columns = 30'000;  // of all traces together
constexpr double dense = 20;             // times a column: then their mean is drawn, too
constexpr std::size_t longest_name = 25;

constexpr const char* small = "font-size=\"10\" fill=\"#444\"";

std::string shortened(const std::string& name) {
  constexpr std::size_t half = (longest_name - 3) / 2;
  if (name.size() <= longest_name) return name;
  return name.substr(0, half) + "..." + name.substr(name.size() - half);
}

// Of a trace in one column of the picture.
struct Column {
  double x = 0;  // the least time there, as a place
  double first = 0, last = 0, low = 0, high = 0, sum = 0;
  int count = 0;

  void add(double place, double value) {
    if (count++ == 0) x = place, first = low = high = value;
    last = value;
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

class Drawing {
 public:
  explicit Drawing(const TimeChart& chart) : chart_(chart), low_(chart.from), high_(chart.from) {
    for (const double time : chart.time) low_ = std::min(low_, time), high_ = std::max(high_, time);
    if (!(high_ > low_)) high_ = low_ + 1;
    double traces = 1;
    for (const TimePanel& panel : chart.panels) traces += static_cast<double>(panel.traces.size());
    columns_ = std::clamp(std::floor(most_columns / traces), 50.0, plot);
    height_ = top + bottom - over_heading;
    for (const TimePanel& panel : chart.panels)
      height_ += panel.height + (panel.heading.empty() ? between_rows : over_heading);
  }

  std::string draw() {
    put("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
        "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"#222\">\n"
        "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
        width, height_, width, height_);
    text(left + plot / 2, 24, "text-anchor=\"middle\" font-size=\"16\" font-weight=\"bold\"", chart_.title);
    heads();
    shades();
    times();
    double y = top - over_heading;
    for (const TimePanel& panel : chart_.panels) {
      y += panel.heading.empty() ? between_rows : over_heading;
      draw(panel, y);
      y += panel.height;
    }
    return std::move(svg_) + "</svg>\n";
  }

 private:
  double at_x(double time) const { return left + (time - low_) / (high_ - low_) * plot; }

  static double at_y(const TimePanel& panel, double y, double value) {
    if (panel.logarithmic) {
      const double part = std::log10(std::clamp(value, panel.low, panel.high) / panel.low);
      return y + panel.height * (1 - part / std::log10(panel.high / panel.low));
    }
    // What is beyond lies in the rim.
    if (value > panel.high) return y + 0.5;
    if (value < panel.low) return y + panel.height - 0.5;
    const double part = (value - panel.low) / (panel.high - panel.low);
    return y + rim + (panel.height - 2 * rim) * (1 - part);
  }

  // What the shades mean, beside what was recorded.
  void heads() {
    double x = left;
    for (const Shade& shade : chart_.shades) {
      if (shade.periods.empty()) continue;
      put("<rect x=\"%.1f\" y=\"42\" width=\"18\" height=\"12\" fill=\"%s\" fill-opacity=\"0.3\"/>\n", x,
          shade.colour);
      text(x + 24, 52, "font-size=\"12\"", shade.name);
      x += 44 + 6.4 * static_cast<double>(shade.name.size());
    }
    text(left + plot, 52, "text-anchor=\"end\" font-size=\"12\" fill=\"#444\"", chart_.subtitle);
  }

  void shades() {
    const double y = top - 4, high = height_ - bottom - y;
    for (const Shade& shade : chart_.shades)
      for (const auto& [from, to] : shade.periods)
        put("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" fill-opacity=\"0.3\"/>\n",
            at_x(from), y, std::max(1.0, at_x(to) - at_x(from)), high, shade.colour);
  }

  // The axis that all share.
  void times() {
    const double step = axis_over(low_, high_, 9).step, end = height_ - bottom;
    for (double i = std::ceil(low_ / step - 1e-9); i * step <= high_ + 1e-9 * step; ++i) {
      put("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>\n", at_x(i * step), top,
          at_x(i * step), end);
      text(at_x(i * step), end + 18, "text-anchor=\"middle\" fill=\"#444\"", tick_text(i * step, step));
    }
    text(left + plot / 2, height_ - 12, "text-anchor=\"middle\"", "time (s)");
  }

  void draw(const TimePanel& panel, double y) {
    if (!panel.heading.empty()) heading(panel, y - 11);
    put("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"none\" stroke=\"#bbb\"/>\n", left,
        y, plot, panel.height);
    if (panel.logarithmic)
      decades(panel, y);
    else
      ends(panel, y);
    const double name_y = std::isnan(panel.mark) ? y + panel.height / 2 : at_y(panel, y, panel.mark);
    text(left + plot + 8, name_y + 4, "font-size=\"12\"", shortened(panel.name));
    for (const Trace& trace : panel.traces) draw(trace, panel, y);
    if (!std::isnan(panel.mark))
      put("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#444\" "
          "stroke-dasharray=\"5 4\"/>\n",
          left, name_y, left + plot, name_y);
  }

  // With the colours from the right.
  void heading(const TimePanel& panel, double y) {
    text(left, y, "font-weight=\"bold\"", panel.heading);
    double x = left + plot;
    for (auto entry = panel.legend.rbegin(); entry != panel.legend.rend(); ++entry) {
      text(x, y, "text-anchor=\"end\" font-size=\"12\"", entry->first);
      x -= 10 + 6.2 * static_cast<double>(entry->first.size());
      put("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"3\"/>\n",
          x - 20, y - 4, x, y - 4, entry->second);
      x -= 36;
    }
  }

  void decades(const TimePanel& panel, double y) {
    for (double value = panel.low; value <= panel.high * 1.001; value *= 10) {
      const double at = at_y(panel, y, value);
      put("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>\n", left, at,
          left + plot, at);
      text(left - 6, at + 4, "text-anchor=\"end\" font-size=\"11\" fill=\"#444\"", tick_text(value, value));
    }
  }

  // What the edges of a low panel are, and zero where it is between them.
  void ends(const TimePanel& panel, double y) {
    const double step = (panel.high - panel.low) / 100;
    char high[32], low[32];
    std::snprintf(high, sizeof high, "%.3g", std::abs(panel.high) < step / 10 ? 0 : panel.high);
    std::snprintf(low, sizeof low, "%.3g", std::abs(panel.low) < step / 10 ? 0 : panel.low);
    text(left - 6, y + 9, (std::string("text-anchor=\"end\" ") + small).c_str(), high);
    text(left - 6, y + panel.height, (std::string("text-anchor=\"end\" ") + small).c_str(), low);
    if (panel.low >= 0 || panel.high <= 0) return;
    const double zero = at_y(panel, y, 0);
    put("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ccc\"/>\n", left, zero, left + plot,
        zero);
  }

  void draw(const Trace& trace, const TimePanel& panel, double y) {
    std::vector<Column> columns(static_cast<std::size_t>(columns_) + 1);
    for (std::size_t i = 0; i < chart_.time.size(); ++i) {
      if (!std::isfinite(trace.values[i])) continue;
      const double x = at_x(chart_.time[i]);
      columns[static_cast<std::size_t>((x - left) / plot * columns_)].add(x, at_y(panel, y, trace.values[i]));
    }
    const bool many = static_cast<double>(chart_.time.size()) > dense * columns_;
    path(trace, columns, many ? 0.3 : 1);
    if (!many || !trace.averaged) return;
    for (Column& column : columns)
      if (column.count > 0) column.first = column.last = column.low = column.high = column.sum / column.count;
    path(trace, columns, 1);
  }

  // Through all columns that have something, broken where more are empty than the times lie apart.
  void path(const Trace& trace, const std::vector<Column>& columns, double opacity) {
    put("<path fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-opacity=\"%.1f\" "
        "stroke-linejoin=\"round\" stroke-linecap=\"round\" d=\"",
        trace.colour, trace.width, opacity);
    const double apart = columns_ / std::max(1.0, static_cast<double>(chart_.time.size()));
    const auto most = static_cast<std::size_t>(std::max(1.0, std::ceil(2 * apart)));
    std::size_t last = 0;
    bool drawn = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Column& column = columns[i];
      if (column.count == 0) continue;
      const bool up = column.last > column.first;
      const double from = up ? column.low : column.high, to = up ? column.high : column.low;
      const bool begins = !drawn || i - last > most;
      put(begins ? "M%.1f %.1f " : "%.1f %.1f ", column.x, from);
      // A point by itself is seen, too.
      if (begins || std::abs(to - from) > 0.05) put("%.1f %.1f ", column.x, to);
      last = i;
      drawn = true;
    }
    svg_ += "\"/>\n";
  }

  void text(double x, double y, const char* style, const std::string& content) {
    put("<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style);
    svg_ += svg_escape(content) + "</text>\n";
  }
  template <typename... Values>
  void put(const char* form, Values... values) {
    char buffer[500];
    std::snprintf(buffer, sizeof buffer, form, values...);
    svg_ += buffer;
  }

  const TimeChart& chart_;
  double low_, high_;  // s
  double columns_ = plot, height_ = 0;
  std::string svg_;
};

}  // namespace

std::string to_svg(const TimeChart& chart) {
  return Drawing(chart).draw();
}

}  // namespace motet::cli
