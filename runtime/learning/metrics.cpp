#include "runtime/learning/metrics.h"

#include <charconv>
#include <chrono>
#include <cmath>

#include "runtime/learning/tensorboard.h"

namespace motet {
namespace {

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string csv_cell(double value) {
  if (std::isnan(value)) return "";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

Result<MetricsLog> MetricsLog::open(const std::filesystem::path& folder, const MetricsPosition& position) {
  Result<AppendFile> csv = AppendFile::open(folder / "metrics.csv", position.csv);
  if (!csv) return csv.error();
  Result<AppendFile> events = AppendFile::open(folder / "events.out.tfevents.motet", position.events);
  if (!events) return events.error();
  MetricsLog log(std::move(*csv), std::move(*events));
  if (log.events_.size() == 0) {
    if (Status status = log.events_.append(version_record(wall_time())); !status) return status.error();
  }
  return log;
}

Status MetricsLog::add(std::int64_t step, std::span<const Metric> metrics) {
  std::string line;
  if (csv_.size() == 0) {
    line = "step";
    for (const Metric& metric : metrics) line += "," + csv_cell(metric.name);
    line += '\n';
  }
  line += std::to_string(step);
  for (const Metric& metric : metrics) line += "," + csv_cell(metric.value);
  if (Status status = csv_.append(line + "\n"); !status) return status;
  return events_.append(scalars_record(step, wall_time(), metrics));
}

Status MetricsLog::sync() {
  if (Status status = csv_.sync(); !status) return status;
  return events_.sync();
}

}  // namespace motet
