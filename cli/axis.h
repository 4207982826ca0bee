#pragma once

// What charts have in common.

#include <array>
#include <string>
#include <vector>

namespace motet::cli {

// Okabe and Ito's palette, which colour-blind readers can tell apart.
inline constexpr std::array<const char*, 7> palette = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                       "#e69f00", "#56b4e9", "#000000"};

struct Axis {
  double low = 0, high = 1, step = 1;

  std::vector<double> ticks() const;
};

// Around a range, with ends and steps at 1, 2 or 5 times a power of ten: some so many steps.
Axis axis_over(double low, double high, int steps = 6);

std::string tick_text(double value, double step);

}  // namespace motet::cli
