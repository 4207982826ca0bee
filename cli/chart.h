#pragma once

// A line chart as SVG text.

#include <string>
#include <vector>

namespace motet::cli {

struct Series {
  std::string name;
  std::vector<double> x, y;
  std::vector<double> low, high;  // a band around y; empty: none
};

struct Chart {
  std::string title, x_label, y_label;
  std::vector<Series> series;
};

std::string to_svg(const Chart& chart);

}  // namespace motet::cli
