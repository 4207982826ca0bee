#pragma once

// Recordings of an axle that swings.

#include <chrono>
#include <cmath>
#include <thread>

#include "control_fixture.h"
#include "runtime/control/recorded_run.h"
#include "runtime/recording/recorder.h"

namespace motet::test {

struct AxleRun {
  std::filesystem::path file = {};
  double seconds = 2;
  ExecutorOptions executor = {};
  double first = 0;                         // its position when it is activated, which it leaves at once
  double silent_from = 1e9, silent_to = 0;  // s
  std::map<std::string, ControlLimit> limits = {};
};

inline RecordingHeader header_of(const Loop& loop, const Controller& controller, const Bundle& bundle) {
  return {.contract = to_toml(controller.contract()),
          .bundle_hash = digest_of(bundle),
          .started = "2024-05-06T07:08:09Z",
          .period = controller.tick_period(),
          .columns = loop.columns()};
}

// What is wrong, or nothing.
inline std::string record(const Bundle& bundle, const AxleRun& run) {
  const auto controller = Controller::make(bundle, run.executor);
  if (!controller) return controller.error().message;
  FakeClock clock;
  FakeLink link(clock);
  link.initial["axle"] = run.first;
  clock.woken = [&] {
    const double time = clock.time - 100;
    link.fresh = time < run.silent_from || time >= run.silent_to;
    if (!link.fresh) return;
    link.measured_at = clock.time;
    link.values = {std::sin(7 * time), 0.5 * std::sin(3 * time)};
  };
  LoopOptions options;
  options.seconds = run.seconds;
  options.limits = run.limits;
  Loop loop(**controller, link, clock, options);
  if (const Status status = loop.activate(); !status) return status.error().message;
  const auto recorder = Recorder::make(run.file, header_of(loop, **controller, bundle));
  if (!recorder) return recorder.error().message;
  loop.record_to(**recorder);
  const LoopRequests requests;
  loop.run(requests);
  const std::int64_t dropped = (*recorder)->dropped();
  if (const Status status = (*recorder)->finish(); !status) return status.error().message;
  return dropped == 0 ? "" : "frames were dropped";
}

// The recording without some of its frames.
inline std::string leave_out(const std::filesystem::path& from, const std::filesystem::path& to,
                             std::int64_t first, std::int64_t count) {
  const auto recording = read_recording(from);
  if (!recording) return recording.error().message;
  const auto recorder = Recorder::make(to, recording->header);
  if (!recorder) return recorder.error().message;
  for (std::int64_t i = 0; i < recording->frames; ++i)
    if (i < first || i >= first + count) (*recorder)->record(recording->frame(i));
  const Status status = (*recorder)->finish();
  return status ? "" : status.error().message;
}

// The recording so often, one after the other, as if in shorter ticks.
inline std::string repeat(const std::filesystem::path& from, const std::filesystem::path& to, int times) {
  auto recording = read_recording(from);
  if (!recording) return recording.error().message;
  recording->header.period = 1e-4;
  const auto recorder = Recorder::make(to, recording->header);
  if (!recorder) return recorder.error().message;
  double time = 0;
  for (int i = 0; i < times; ++i)
    for (std::int64_t k = 0; k < recording->frames; ++k) {
      const std::span<const double> read = recording->frame(k);
      std::vector<double> frame(read.begin(), read.end());
      frame[static_cast<std::size_t>(recording->column("time"))] = time += 1e-4;
      while (!(*recorder)->record(frame)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  const Status status = (*recorder)->finish();
  return status ? "" : status.error().message;
}

}  // namespace motet::test
