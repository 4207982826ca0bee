#pragma once

// What a robot's control loop saw and did, tick by tick, as a file has it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

struct RecordingHeader {
  std::string contract;              // of the bundle that ran, as TOML
  std::string bundle_hash;           // of that bundle
  std::string started;               // UTC, as text
  double period = 0;                 // s, of a tick
  std::vector<std::string> columns;  // what the numbers of a frame are called
};

// From 1 to 100000 columns, and a period that is finite and positive. Says what is wrong, or nothing.
std::optional<std::string> wrong_with(const RecordingHeader& header);

struct Recording {
  RecordingHeader header;
  std::vector<double> values;  // [frames, columns]
  std::int64_t frames = 0;
  std::string damage;  // what is missing at its end and why, in words; empty: nothing

  // [columns]; i from 0 to frames - 1.
  std::span<const double> frame(std::int64_t i) const;
  // The first of that name; -1: there is none.
  std::int64_t column(std::string_view name) const;
};

// Reads all whole blocks up to the first that is cut off or does not check: `damage` tells of that one. An
// error, path included: what is no recording, a newer version's, or has a header that does not check. The
// file may come from strangers, and may be one that is still being written.
Result<Recording> read_recording(const std::filesystem::path& file);

}  // namespace motet
