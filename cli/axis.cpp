#include "cli/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace motet::cli {

std::vector<double> Axis::ticks() const {
  const int count = static_cast<int>(std::min(100.0, std::round((high - low) / step)));
  std::vector<double> values;
  for (int i = 0; i <= count; ++i) values.push_back(low + i * step);
  return values;
}

Axis axis_over(double low, double high, int steps) {
  if (!(low <= high)) low = 0, high = 1;
  if (high - low < 1e-12 * std::max(1.0, std::abs(low))) low -= 1, high += 1;
  const double raw = (high - low) / steps;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  double step = power;
  for (const double factor : {1., 2., 5., 10.})
    if ((step = factor * power) >= raw) break;
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step};
}

std::string tick_text(double value, double step) {
  char text[40];
  const double shown = std::abs(value) < step * 1e-9 ? 0 : value;
  if (std::abs(shown) >= 1e6)
    std::snprintf(text, sizeof text, "%.3gM", shown / 1e6);
  else if (std::abs(shown) >= 1e4)
    std::snprintf(text, sizeof text, "%.4gk", shown / 1e3);
  else
    std::snprintf(text, sizeof text, "%.6g", shown);
  return text;
}

}  // namespace motet::cli
