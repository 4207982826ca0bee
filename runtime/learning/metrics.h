#pragma once

// What a training leaves to be plotted: metrics.csv and a TensorBoard event file, side by side.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/learning/data_file.h"
#include "runtime/learning/training.h"

namespace motet {

// How far the files had got at a checkpoint.
struct MetricsPosition {
  std::uint64_t csv = 0, events = 0;  // bytes
};

class MetricsLog {
 public:
  // Goes on from `position`: what was written after it is cut off. At 0 the files begin anew.
  static Result<MetricsLog> open(const std::filesystem::path& folder, const MetricsPosition& position);

  // One row: `step`, then the metrics; NaN is an empty cell. The first row names the columns, and
  // all after it have the same.
  Status add(std::int64_t step, std::span<const Metric> metrics);
  Status sync();
  MetricsPosition position() const { return {csv_.size(), events_.size()}; }

 private:
  MetricsLog(AppendFile csv, AppendFile events) : csv_(std::move(csv)), events_(std::move(events)) {}

  AppendFile csv_, events_;
};

// A cell of a CSV line: in quotes where it holds a comma, a quote or a line's end.
std::string csv_cell(const std::string& text);
// The shortest decimal that reads back as the same number; nothing for NaN.
std::string csv_cell(double value);

}  // namespace motet
