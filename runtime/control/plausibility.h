#pragma once

// Whether what a robot says of itself can be.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/signal.h"
#include "runtime/bundle/contract.h"

namespace motet {

// What a joint can be measured at: from a link's file.
struct JointRange {
  double low = -1e300, high = 1e300;  // m or rad
  double fastest = 1e300;             // m/s or rad/s, either way
};

// Allocates when made, never after; real-time safe.
class Plausibility {
 public:
  // Of a joint that `ranges` does not name and whose model has limits: those, and half of its range beyond
  // each. A rotation is of unit length, to a tenth. Nothing is beyond 1e6.
  Plausibility(const Contract& contract, const std::vector<SignalRef>& signals,
               const std::map<std::string, JointRange>& ranges);

  // The first signal that cannot be, by its index; -1 where all of them can. A value that is not finite
  // cannot be. `values`: of all signals, one after another.
  int first_bad(std::span<const double> values) const noexcept;

 private:
  struct Check {
    std::size_t place, length;
    double low, high;
    bool rotation;
  };
  std::vector<Check> checks_;
};

}  // namespace motet
