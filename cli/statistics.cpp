#include "cli/statistics.h"

#include <algorithm>

#include "runtime/instructions/random.h"

namespace motet::cli {

double interquartile_mean(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  const double low = n / 4, high = n - n / 4;
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double from = std::max(static_cast<double>(i), low);
    const double to = std::min(static_cast<double>(i + 1), high);
    if (to > from) sum += (to - from) * values[i];
  }
  return sum / (high - low);
}

Interval bootstrap_interval(const std::vector<double>& values, std::uint64_t seed) {
  constexpr int resamples = 2000;
  Random random(seed);
  std::vector<double> means(resamples), drawn(values.size());
  for (double& mean : means) {
    for (double& value : drawn) value = values[random.below(values.size())];
    mean = interquartile_mean(drawn);
  }
  std::sort(means.begin(), means.end());
  return {means[resamples * 25 / 1000], means[resamples * 975 / 1000 - 1]};
}

}  // namespace motet::cli
