// A run on a robot, over time.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>

#include "cli/axis.h"
#include "cli/plot_command.h"
#include "cli/time_chart.h"
#include "runtime/archive/archive.h"
#include "runtime/control/recorded_run.h"

namespace motet::cli {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double longest = 1e9;        // s
constexpr std::size_t most_rows = 64;  // of a kind

// What is drawn of a robot's joint or actuator.
struct Row {
  std::string name, unit;
  std::vector<Trace> traces;
};

class Picture {
 public:
  Picture(const RecordedRun& run, double from, double to) : run_(run), contract_(run.contract()) {
    for (std::int64_t i = 0; i < run.frames(); ++i)
      if (run.time(i) >= from && run.time(i) <= to) frames_.push_back(i);
    chart_.from = from;
    chart_.time = values([&](std::int64_t frame) { return run.time(frame); });
  }

  bool empty() const { return frames_.empty(); }

  TimeChart chart() {
    chart_.title = contract_.skill + " on " + contract_.robot.name;
    char rate[40];
    std::snprintf(rate, sizeof rate, "%.5g Hz", 1 / run_.period());
    chart_.subtitle = "recorded " + run_.recording().header.started + ", " + rate;
    shades();
    timing();
    controls();
    joints();
    actions();
    return std::move(chart_);
  }

 private:
  std::vector<double> values(const std::function<double(std::int64_t)>& value) const {
    std::vector<double> all;
    all.reserve(frames_.size());
    for (const std::int64_t frame : frames_) all.push_back(value(frame));
    return all;
  }

  // The periods in which the policy did not act.
  void shades() {
    chart_.shades = {{"held", palette[4], {}}, {"damped", palette[1], {}}, {"brought to rest", "#888", {}}};
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      const SafetyState state = run_.state(frames_[i]);
      if (state == SafetyState::running) continue;
      auto& periods = chart_.shades[static_cast<std::size_t>(state) - 1].periods;
      const double from = chart_.time[i], to = i + 1 < frames_.size() ? chart_.time[i + 1] : from;
      const bool goes_on = i > 0 && run_.state(frames_[i - 1]) == state && !periods.empty();
      if (goes_on)
        periods.back().second = to;
      else
        periods.emplace_back(from, to);
    }
  }

  void timing() {
    const double period = 1e3 * run_.period();
    TimePanel panel;
    panel.heading = "Timing (ms)";
    panel.legend = {{"age of the observation", palette[0]}, {"late by", palette[1]}};
    panel.traces = {{palette[1], 1, true, values([&](std::int64_t frame) { return 1e3 * run_.late(frame); })},
                    {palette[0], 1, true, values([&](std::int64_t frame) { return 1e3 * run_.age(frame); })}};
    double least = period, most = period;
    for (const Trace& trace : panel.traces)
      for (const double value : trace.values)
        if (std::isfinite(value) && value > 0) least = std::min(least, value), most = std::max(most, value);
    const auto power = [](double value) { return std::pow(10, value); };
    panel.low = power(std::floor(std::log10(std::clamp(least, 1e-3, 1e6))));
    panel.high = power(std::ceil(std::log10(std::clamp(most, 1e-2, 1e7)) + 1e-3));
    panel.logarithmic = true;
    panel.height = 130;
    char tick[40];
    std::snprintf(tick, sizeof tick, "a tick: %.3g ms", period);
    panel.name = tick;
    panel.mark = period;
    chart_.panels.push_back(std::move(panel));
  }

  const JointContract* joint(const std::string& name) const {
    for (const JointContract& each : contract_.joints)
      if (each.name == name) return &each;
    return nullptr;
  }

  // Empty where it is not known.
  std::string unit_of(const ActuatorContract& actuator) const {
    using Kind = ActuatorContract::Kind;
    const JointContract* moved = joint(actuator.joint);
    const double ratio = actuator.kind == Kind::effort ? actuator.gear * actuator.gain : actuator.gear;
    if (moved == nullptr || std::abs(ratio) != 1 || actuator.kind == Kind::general) return "";
    const bool slides = moved->type == JointContract::Type::slide;
    if (actuator.kind == Kind::effort) return slides ? "N" : "N m";
    const std::string length = slides ? "m" : "rad";
    return actuator.kind == Kind::velocity ? length + "/s" : length;
  }

  void controls() {
    std::vector<Row> rows;
    bool clipped = false;
    for (std::size_t k = 0; k < contract_.actuators.size(); ++k) {
      const auto asked = [&](std::int64_t frame) {
        const double value = run_.asked(frame, k);
        return value == run_.written(frame, k) ? nothing : value;
      };
      std::vector<double> beyond = values(asked);
      const bool any = std::any_of(beyond.begin(), beyond.end(), [](double v) { return std::isfinite(v); });
      clipped = clipped || any;
      Row row{contract_.actuators[k].name, unit_of(contract_.actuators[k]), {}};
      if (any) row.traces.push_back({palette[4], 1, false, std::move(beyond)});
      row.traces.push_back(
          {palette[0], 1.2, true, values([&](std::int64_t frame) { return run_.written(frame, k); })});
      rows.push_back(std::move(row));
    }
    add("Controls", rows, {{"written", palette[0]}}, true);
    if (clipped && !rows.empty()) {
      auto& legend = chart_.panels[chart_.panels.size() - shown(rows)].legend;
      legend.insert(legend.begin(), {"asked, where that was beyond a limit", palette[4]});
    }
  }

  void joints() {
    std::vector<Row> rows;
    for (const JointContract& each : contract_.joints) {
      const auto column = run_.column("measured joint.pos(" + each.name + ")");
      if (!column) continue;
      const bool slides = each.type == JointContract::Type::slide;
      rows.push_back(
          {each.name,
           slides ? "m" : "rad",
           {{palette[2], 1.2, true, values([&](std::int64_t frame) { return run_.at(frame, *column); })}}});
    }
    add("Joint positions, measured", rows, {}, false);
  }

  void actions() {
    std::vector<Row> rows;
    for (const ActionCoordinate& coordinate : contract_.robot.action)
      if (const auto column = run_.column("action " + coordinate.name))
        rows.push_back({coordinate.name, "", {{palette[3], 1.2, true, values([&](std::int64_t frame) {
                                                 return run_.at(frame, *column);
                                               })}}});
    const std::size_t first = chart_.panels.size();
    add("Actions of the policy, in [-1, 1]", rows, {}, true);
    for (std::size_t i = first; i < chart_.panels.size(); ++i)
      chart_.panels[i].low = -1, chart_.panels[i].high = 1;
  }

  static std::size_t shown(const std::vector<Row>& rows) { return std::min(rows.size(), most_rows); }

  // By the last trace: what was asked for beyond it is drawn in the rim.
  static void widen(const Row& row, double& low, double& high) {
    for (const double value : row.traces.back().values)
      if (std::abs(value) < 1e30) low = std::min(low, value), high = std::max(high, value);
  }

  // One panel a row; `alike`: those of the same unit from the same least to the same largest value.
  void add(const std::string& heading, const std::vector<Row>& rows,
           const std::vector<std::pair<std::string, const char*>>& legend, bool alike) {
    const bool one_unit =
        std::all_of(rows.begin(), rows.end(), [&](const Row& row) { return row.unit == rows.front().unit; });
    for (std::size_t k = 0; k < shown(rows); ++k) {
      const Row& row = rows[k];
      double low = std::numeric_limits<double>::infinity(), high = -low;
      for (const Row& other : rows)
        if (&other == &row || (alike && other.unit == row.unit)) widen(other, low, high);
      if (!(low <= high)) low = high = 0;
      const double room = high > low ? 0 : 0.5;
      TimePanel panel;
      panel.low = low - room;
      panel.high = high + room;
      panel.name = row.name + (one_unit || row.unit.empty() ? "" : " (" + row.unit + ")");
      panel.traces = row.traces;
      panel.height = rows.size() <= 8 ? 34 : 26;
      if (k == 0) {
        panel.heading = heading;
        if (one_unit && !row.unit.empty()) panel.heading += " (" + row.unit + ")";
        if (rows.size() > most_rows) panel.heading += ", the first " + std::to_string(most_rows);
        panel.legend = legend;
      }
      chart_.panels.push_back(std::move(panel));
    }
  }

  const RecordedRun& run_;
  const Contract& contract_;
  std::vector<std::int64_t> frames_;
  TimeChart chart_;
};

}  // namespace

int plot_recording(const Arguments& arguments) {
  const std::string &file = arguments.positional[0], output = *arguments.value("--output");
  const auto from = real_number(arguments, "--from", 0, 0, longest);
  const auto to = real_number(arguments, "--to", longest, 0, longest);
  if (!from || !to) return wrong_usage;
  const Result<RecordedRun> run = RecordedRun::read(file);
  if (!run) return fail(run.error(), wrong_input);
  if (!run->recording().damage.empty())
    std::cerr << "note: the recording is " << run->recording().damage << '\n';
  Picture picture(*run, *from, *to);
  if (picture.empty()) {
    complain(file + ": there is nothing to draw: no tick of that time is recorded");
    return wrong_input;
  }
  if (const Status written = write_file(output, to_svg(picture.chart())); !written)
    return fail(written.error(), outside_failed);
  std::cout << output << '\n';
  return done;
}

}  // namespace motet::cli
