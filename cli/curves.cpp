#include "cli/curves.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "cli/statistics.h"
#include "cli/text_file.h"

namespace motet::cli {

namespace {

using Row = std::vector<std::string>;

// The rows of a CSV text. In quotes a comma and a line's end are part of a cell, and two quotes are
// one. A last line without an end is still being written, and left out.
std::vector<Row> csv_rows(const std::string& text) {
  std::vector<Row> rows;
  Row row;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      cell += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      row.push_back(std::exchange(cell, {}));
      if (c == '\n') rows.push_back(std::exchange(row, {}));
    } else if (quoted || c != '\r') {
      cell += c;
    }
  }
  return rows;
}

}  // namespace

Result<Curve> read_curve(const std::filesystem::path& metrics, const std::string& column) {
  const auto text = read_text(metrics);
  if (!text) return text.error();
  const std::vector<Row> rows = csv_rows(*text);
  if (rows.empty()) return Error{"`" + metrics.string() + "` has no rows yet"};
  const Row& names = rows.front();
  const auto at = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  const std::size_t step = at("step"), value = at(column);
  if (step == names.size() || value == names.size()) {
    std::string message = "`" + metrics.string() + "` has no column `" + column + "`; it has";
    for (const std::string& name : names) message += " `" + name + "`";
    return Error{message};
  }
  Curve curve;
  for (const Row& row : rows) {
    if (&row == &names || row.size() <= std::max(step, value) || row[value].empty()) continue;
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
