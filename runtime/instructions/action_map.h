#pragma once

// From an action of a policy to the ranges of its coordinates: what a simulated robot and a real one do
// alike.

#include <span>
#include <vector>

#include "compiler/plan/plan.h"

namespace motet {

// Allocates when made, never after; real-time safe.
class ActionMap {
 public:
  explicit ActionMap(const RobotPlan& robot);

  // No action: zero, as at a reset.
  void rest();
  // Clips an action [m] to [-1, 1], limits its rate, and maps it to each coordinate's range; false, and
  // nothing changes, if it is not a number.
  bool take(std::span<const float> action);

  std::span<double> action() { return action_; }    // as asked for, clipped: the signal `action`
  std::span<double> limited() { return limited_; }  // after the limit on its rate
  std::span<double> mapped() { return mapped_; }    // in the ranges of its coordinates
  std::span<const double> mapped() const { return mapped_; }

 private:
  void map();

  std::vector<ActionCoordinate> coordinates_;
  std::vector<double> action_, limited_, mapped_;
  double most_ = 0;  // how far a coordinate may move in a step; 0: as far as it likes
};

}  // namespace motet
