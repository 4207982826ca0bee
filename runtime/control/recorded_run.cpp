#include "runtime/control/recorded_run.h"

#include <algorithm>
#include <utility>

#include "runtime/control/report.h"

namespace motet {
namespace {

// Of what may be any number.
double time_of(double seconds) {
  return seconds > 0 ? seconds : 0;
}

}  // namespace

std::vector<std::string> measured_columns(const SignalRef& signal) {
  const std::string name = "measured " + text_of(signal);
  if (signal.length == 1) return {name};
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < signal.length; ++i) names.push_back(name + "[" + std::to_string(i) + "]");
  return names;
}

std::vector<std::string> latent_columns(const std::string& skill, std::size_t size) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < size; ++i) names.push_back("latent " + skill + "[" + std::to_string(i) + "]");
  return names;
}

Result<RecordedRun> RecordedRun::read(const std::filesystem::path& file) {
  Result<Recording> recording = read_recording(file);
  if (!recording) return recording.error();
  Result<Contract> contract = contract_from_toml(recording->header.contract);
  if (!contract) return Error{file.string() + ": cannot be read: its contract: " + contract.error().message};
  RecordedRun run;
  run.recording_ = std::move(*recording);
  run.contract_ = std::move(*contract);
  std::string missing;
  const auto place = [&](const std::string& name) {
    const auto found = run.column(name);
    if (!found && missing.empty()) missing = name;
    return found.value_or(0);
  };
  run.time_ = place("time");
  run.late_ = place("late");
  run.age_ = place("age");
  run.busy_ = place("busy");
  run.state_ = place("state");
  run.acted_ = place("acted");
  for (const ActuatorContract& actuator : run.contract_.actuators) {
    run.asked_.push_back(place("asked " + actuator.name));
    run.written_.push_back(place("written " + actuator.name));
  }
  for (const ActionCoordinate& coordinate : run.contract_.robot.action) place("action " + coordinate.name);
  if (!missing.empty())
    return Error{file.string() + ": is no recording of a control loop: it lacks `" + missing + "`"};
  return run;
}

SafetyState RecordedRun::state(std::int64_t frame) const {
  const double value = at(frame, state_);
  for (const SafetyState state : {SafetyState::running, SafetyState::holding, SafetyState::damping})
    if (value == static_cast<int>(state)) return state;
  return SafetyState::stopped;
}

std::optional<std::size_t> RecordedRun::column(const std::string& name) const {
  const std::int64_t found = recording_.column(name);
  if (found < 0) return std::nullopt;
  return static_cast<std::size_t>(found);
}

LoopReport report_of(const RecordedRun& run) {
  LoopReport report;
  report.clipped.resize(run.contract().actuators.size());
  double begin = 0, end = 0;
  for (std::int64_t i = 0; i < run.frames(); ++i) {
    for (std::size_t k = 0; k < report.clipped.size(); ++k)
      report.clipped[k] += run.asked(i, k) != run.written(i, k);
    report.state = run.state(i);
    if (report.state == SafetyState::stopped) continue;
    if (report.ticks++ == 0) begin = run.time(i);
    end = run.time(i);
    report.lateness.add(time_of(run.late(i)));
    report.age.add(time_of(run.age(i)));
    report.acting.add(time_of(run.busy(i)));
    report.overruns += run.late(i) > run.period();
    report.held += report.state == SafetyState::holding;
    report.damped += report.state == SafetyState::damping;
  }
  report.seconds = time_of(end - begin);
  return report;
}

}  // namespace motet
