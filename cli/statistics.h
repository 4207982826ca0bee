#pragma once

#include <cstdint>
#include <vector>

namespace motet::cli {

// The mean of the middle half, by weight: with n values, n/4 of the weight is cut from each side.
double interquartile_mean(std::vector<double> values);

struct Interval {
  double low = 0, high = 0;
};

// The 95 % percentile bootstrap interval of the interquartile mean, from 2000 resamples with a fixed
// seed. One value gives the value itself.
Interval bootstrap_interval(const std::vector<double>& values, std::uint64_t seed = 1);

}  // namespace motet::cli
