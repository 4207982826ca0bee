#pragma once

// Panels one above the other over one axis of time, as SVG text.

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace motet::cli {

struct Trace {
  const char* colour = "";
  double width = 1;
  bool averaged = true;        // where very many times fall on one column
  std::vector<double> values;  // at the chart's times; what is not finite is left out
};

// A row. Those that follow one with a heading, and have none, belong to it.
struct TimePanel {
  std::string heading;  // above it; and what its colours mean
  std::vector<std::pair<std::string, const char*>> legend;
  std::string name;  // at its right
  std::vector<Trace> traces;
  double low = 0, high = 1;  // what is beyond is drawn in the rim
  bool logarithmic = false;  // then both are powers of ten
  double height = 34;
  double mark = std::numeric_limits<double>::quiet_NaN();  // a dashed line, with `name` beside it
};

// What is shaded behind all panels.
struct Shade {
  std::string name;  // those of one name have one colour
  const char* colour = "";
  std::vector<std::pair<double, double>> periods;  // s, from and to
};

struct TimeChart {
  std::string title, subtitle;
  double from = 0;           // s, where the axis begins at the latest
  std::vector<double> time;  // s, finite
  std::vector<Shade> shades;
  std::vector<TimePanel> panels;
};

// As many times as there are: where many fall on one column of the picture, it is filled from the least to
// the largest of their values, pale under their mean where they are very many, so that the text stays under
// about 1 MB.
std::string to_svg(const TimeChart& chart);

}  // namespace motet::cli
