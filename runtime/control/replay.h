#pragma once

// What a bundle makes of what another run measured: without a robot, tick by tick as it was recorded.

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/bundle/bundle.h"
#include "runtime/control/recorded_run.h"

namespace motet {

// Control steps of both, one after another.
struct Replay {
  std::vector<std::string> names;          // of the action [m]
  std::vector<double> time;                // [steps] s
  std::vector<double> recorded, replayed;  // [steps, m], in [-1, 1]
  std::int64_t refused = 0;                // steps without an action that is a number: `replayed` is NaN
  std::int64_t left_out = 0;               // frames in which it was held, damped or brought to rest
  std::int64_t missing = 0;                // ticks that the recording lacks
  enum class Noise { none, recorded, drawn } noise = Noise::none;  // of the top policy

  std::size_t steps() const { return time.size(); }
};

// Errors: another robot, another period of a tick, other coordinates of the action, a signal that the bundle
// needs and that was not measured; a bundle that cannot be executed.
//
// It is not told what it would have done to the robot: each step observes what was measured, and of actions
// its own. Its memory begins with the first frame, as the loop's did. Where the recorded policy drew noise,
// this one is given the same.
Result<Replay> replay(const RecordedRun& run, const Bundle& bundle);

struct Difference {
  double mean = 0, largest = 0;  // of |replayed - recorded|
  std::size_t where = 0;         // the step of the largest
};
// Of a coordinate of the action, from one step on.
Difference difference(const Replay& replay, std::size_t coordinate, std::size_t from = 0);
// The first step from which on no coordinate differs by more than this; steps() where there is none.
std::size_t agrees_from(const Replay& replay, double tolerance);

}  // namespace motet
