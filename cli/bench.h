#pragma once

// What `motet bench` measures beside updates.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runtime/learning/benchmark.h"

namespace motet::cli {

// A world of the library: control steps a second, and what they cost beside mj_step.
struct WorldSpeed {
  std::string world;
  Spread steps;      // a second
  Spread simulator;  // the same physics by mj_step alone
  Spread overhead;   // 0.02: 2 % of mj_step's time
};

// Of every robot of the library. On failure says why and returns nothing.
std::optional<std::vector<WorldSpeed>> measure_worlds(int rounds, double seconds);

// Whole trainings of a half cheetah, one update a step, at 256 units and batch 256.
struct TrainingSpeed {
  int threads;
  long long ahead;
  Spread steps;  // a second
};

// Trainings of a pendulum with 64 units and batch 100, each until ten episodes of an evaluation have a
// mean return above -200.
struct PendulumTime {
  Spread seconds;  // from the first step on, evaluations included
  Spread steps;
  int solved, seeds;
};

struct LearningSpeed {
  Spread updates;  // by themselves, a second, on one thread
  std::vector<TrainingSpeed> trainings;
  PendulumTime pendulum;
};

// On failure says why and returns nothing.
std::optional<LearningSpeed> measure_learning(int rounds, double seconds);

}  // namespace motet::cli
