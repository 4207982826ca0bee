#include "cli/curves.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cli/statistics.h"

namespace motet::cli {

namespace {

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all;
  std::stringstream input(line);
  for (std::string cell; std::getline(input, cell, ',');) all.push_back(cell);
  return all;
}

}  // namespace

Result<Curve> read_curve(const std::filesystem::path& metrics, const std::string& column) {
  std::ifstream input(metrics);
  std::string line;
  if (!std::getline(input, line)) return Error{"`" + metrics.string() + "` cannot be read, or is empty"};
  const std::vector<std::string> names = cells(line);
  const auto at = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  const std::size_t step = at("step"), value = at(column);
  if (step == names.size() || value == names.size()) {
    std::string message = "`" + metrics.string() + "` has no column `" + column + "`; it has";
    for (const std::string& name : names) message += " " + name;
    return Error{message};
  }
  Curve curve;
  while (std::getline(input, line)) {
    const std::vector<std::string> row = cells(line);
    if (row.size() <= std::max(step, value) || row[value].empty()) continue;
    curve.step.push_back(std::strtod(row[step].c_str(), nullptr));
    curve.value.push_back(std::strtod(row[value].c_str(), nullptr));
  }
  if (curve.step.empty()) return Error{"`" + metrics.string() + "` has no value of `" + column + "` yet"};
  return curve;
}

Series combine(const std::string& name, const std::vector<Curve>& seeds) {
  Series series{.name = name, .x = {}, .y = {}, .low = {}, .high = {}};
  for (const double step : seeds.front().step) {
    std::vector<double> values;
    for (const Curve& seed : seeds) {
      const auto found = std::find(seed.step.begin(), seed.step.end(), step);
      if (found != seed.step.end())
        values.push_back(seed.value[static_cast<std::size_t>(found - seed.step.begin())]);
    }
    if (values.size() != seeds.size()) continue;
    series.x.push_back(step);
    series.y.push_back(interquartile_mean(values));
    if (seeds.size() < 2) continue;
    const Interval interval = bootstrap_interval(values);
    series.low.push_back(interval.low);
    series.high.push_back(interval.high);
  }
  return series;
}

}  // namespace motet::cli
