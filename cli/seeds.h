#pragma once

// Several seeds of one training, each in a process and a folder of its own, side by side.

#include <filesystem>
#include <string>
#include <vector>

namespace motet::cli {

struct SeedJobs {
  std::vector<std::string> command;  // the arguments of `motet train`, without seed and folder
  std::filesystem::path run;         // the folder that holds seed-1, seed-2, ...
  long long seeds = 1;
  long long jobs = 1;  // processes at a time
};

// Runs them all, printing each line with its seed in front. Returns the worst exit status. Ctrl-C and
// `kill` are passed on to those that run, and waited for: each saves.
int train_seeds(const SeedJobs& request);

}  // namespace motet::cli
