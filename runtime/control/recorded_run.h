#pragma once

// A recording that a control loop made, by what its columns are.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/signal.h"
#include "runtime/bundle/contract.h"
#include "runtime/control/loop.h"
#include "runtime/recording/recording.h"

namespace motet {

class RecordedRun {
 public:
  // Errors, with the path: those of read_recording(); a contract that could not be executed; a column that a
  // control loop writes and that is not there. What is cut off at its end is none: see recording().damage.
  static Result<RecordedRun> read(const std::filesystem::path& file);

  const Recording& recording() const { return recording_; }
  const Contract& contract() const { return contract_; }  // of the bundle that ran
  std::int64_t frames() const { return recording_.frames; }
  double period() const { return recording_.header.period; }  // s, of a tick

  double time(std::int64_t frame) const { return at(frame, time_); }  // s since the run began
  double late(std::int64_t frame) const { return at(frame, late_); }  // s
  double age(std::int64_t frame) const { return at(frame, age_); }    // s
  double busy(std::int64_t frame) const { return at(frame, busy_); }  // s
  SafetyState state(std::int64_t frame) const;                        // stopped: on its way to rest
  bool acted(std::int64_t frame) const { return at(frame, acted_) == 1; }
  double asked(std::int64_t frame, std::size_t actuator) const { return at(frame, asked_[actuator]); }
  double written(std::int64_t frame, std::size_t actuator) const { return at(frame, written_[actuator]); }
  double at(std::int64_t frame, std::size_t column) const { return recording_.frame(frame)[column]; }

  std::optional<std::size_t> column(const std::string& name) const;

 private:
  Recording recording_;
  Contract contract_;
  std::size_t time_ = 0, late_ = 0, age_ = 0, busy_ = 0, state_ = 0, acted_ = 0;
  std::vector<std::size_t> asked_, written_;  // by actuator
};

// What a recording says of a run: all of a LoopReport that it holds. What each phase took is not in it, nor
// what could not be, nor why the run ended.
LoopReport report_of(const RecordedRun& run);

// The columns of what is measured, one a number: "measured joint.pos(hip)", "measured sensor(gyro)[0]", ….
std::vector<std::string> measured_columns(const SignalRef& signal);
// And of a layer's latent [size]: "latent walk[0]", ….
std::vector<std::string> latent_columns(const std::string& skill, std::size_t size);

}  // namespace motet
