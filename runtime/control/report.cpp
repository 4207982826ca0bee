#include "runtime/control/report.h"

#include <algorithm>
#include <cstdio>

#include "runtime/control/recorded_run.h"

namespace motet {
namespace {

template <typename... Values>
std::string formatted(const char* form, Values... values) {
  char buffer[300];
  std::snprintf(buffer, sizeof buffer, form, values...);
  return buffer;
}

double rate_of(const LoopReport& report) {
  return report.seconds > 0 ? static_cast<double>(report.ticks - 1) / report.seconds : 0;
}

std::string spread(const char* label, const Histogram& histogram) {
  return formatted("  %-14s %9.3f ms median %9.3f ms at 99 %% %9.3f ms worst\n", label,
                   1e3 * histogram.percentile(0.5), 1e3 * histogram.percentile(0.99),
                   1e3 * histogram.worst());
}

long long count(std::int64_t value) {
  return value;
}

std::string waits(const LoopReport& report) {
  if (report.held + report.damped == 0) return "";
  return formatted("  waited         %lld ticks held, %lld damped\n", count(report.held),
                   count(report.damped));
}

std::string clips(const LoopReport& report, const Contract& contract) {
  std::string text;
  for (std::size_t i = 0; i < report.clipped.size(); ++i)
    if (report.clipped[i] > 0)
      text += "  clipped        " + contract.actuators[i].name +
              formatted(", %lld times\n", count(report.clipped[i]));
  return text;
}

}  // namespace

std::string text_of(const SignalRef& signal) {
  std::string text(signal_name(signal.kind));
  if (signal.name.empty()) return text;
  return text + "(" + signal.name + (signal.other.empty() ? "" : ", " + signal.other) + ")";
}

std::string line_of(const LoopReport& report) {
  std::int64_t clipped = 0;
  for (const std::int64_t each : report.clipped) clipped += each;
  return formatted("%7.1f s %s  %.1f Hz  late %.2f ms  %lld overruns  seen %.1f ms ago  %lld clipped",
                   report.seconds, std::string(name(report.state)).c_str(), rate_of(report),
                   1e3 * report.lateness.percentile(0.99), count(report.overruns),
                   1e3 * report.age.percentile(0.5), count(clipped));
}

std::string to_text(const LoopReport& report, const Controller& controller) {
  std::string text = formatted("%lld ticks in %.1f s, %.2f Hz, %lld overruns\n", count(report.ticks),
                               report.seconds, rate_of(report), count(report.overruns));
  text += "  ended          " + std::string(name(report.reason)) + "\n";
  text += spread("late by", report.lateness);
  text += spread("observed ago", report.age);
  text += spread("reading", report.reading);
  text += spread("acting", report.acting);
  text += spread("limiting", report.limiting);
  text += spread("writing", report.writing);
  text += waits(report);
  if (report.bad > 0)
    text += formatted("  could not be   %lld observations, the last for %s\n", count(report.bad),
                      text_of(controller.signals()[static_cast<std::size_t>(report.last_bad)]).c_str());
  return text + clips(report, controller.contract());
}

std::string to_text(const RecordedRun& run) {
  const LoopReport report = report_of(run);
  const std::int64_t rest = run.frames() - report.ticks;
  std::string text = "`" + run.contract().skill + "` on `" + run.contract().robot.name + "`, recorded " +
                     run.recording().header.started + "\n";
  text += formatted("%lld ticks in %.1f s, %.2f Hz, %lld overruns", count(report.ticks), report.seconds,
                    rate_of(report), count(report.overruns));
  if (rest > 0) text += formatted("; %lld more on the way to rest", count(rest));
  text += "\n";
  if (report.ticks > 0) {
    text += spread("late by", report.lateness);
    text += spread("observed ago", report.age);
    text += spread("each took", report.acting);
  }
  text += waits(report) + clips(report, run.contract());
  if (rest == 0) text += "  ended          in the midst: it was not brought to rest\n";
  if (!run.recording().damage.empty()) text += "  damaged        " + run.recording().damage + "\n";
  return text;
}

}  // namespace motet
