#pragma once

// An episode that a robot has lived through, on its way to the workstation that learns from it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

struct EpisodeId {
  std::string run;           // the training that it is for
  std::string collector;     // who collected it
  std::uint64_t number = 0;  // of the collector's

  friend bool operator==(const EpisodeId&, const EpisodeId&) = default;
};

struct Episode {
  EpisodeId id;
  std::uint64_t policy = 0;                            // the version that acted
  std::int64_t observation_size = 0, action_size = 0;  // n, m
  std::vector<float> observations;                     // [steps + 1, n]
  std::vector<float> actions;                          // [steps, m], in [-1, 1]
  std::vector<float> rewards;                          // [steps]
  bool terminated = false;                             // ended by its own rules, not by a horizon or a fault
  bool success = false;                                // in one of its steps

  std::int64_t steps() const { return static_cast<std::int64_t>(rewards.size()); }
};

// Written beside and renamed.
Status write_episode(const std::filesystem::path& file, const Episode& episode);
// The file may come from strangers: sizes that do not agree, numbers that are not finite and actions out of
// range are refused.
Result<Episode> read_episode(const std::filesystem::path& file);

}  // namespace motet
