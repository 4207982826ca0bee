#pragma once

// Soft actor-critic by the native engine: passes derived by hand, on all members of a team. What comes of
// an update does not depend on how many there are: every number is summed by one of them, in one order.

#include <memory>
#include <vector>

#include "runtime/engine/team.h"
#include "runtime/learning/sac_state.h"

namespace motet {

// `state` and `team` outlive the backend. All memory is taken here.
std::unique_ptr<SacBackend> make_native_sac(SacState& state, Team& team);

// A product C [rows, columns] = A [rows, depth] B [depth, columns], `transposed` where A is read by its
// columns, and how often an update needs it.
struct CountedProduct {
  long rows, columns, depth;
  bool transposed;
  int count;
  double operations() const {  // multiplications and additions
    return 2.0 * static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(depth) *
           count;
  }
};

// The matrix products of one update of the native engine.
std::vector<CountedProduct> sac_update_products(const SacShape& shape, const SacSettings& settings);

}  // namespace motet
