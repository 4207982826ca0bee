#pragma once

// Soft actor-critic by the native engine: passes derived by hand, on all members of a team. What comes of
// an update does not depend on how many there are: every number is summed by one of them, in one order.

#include <memory>

#include "runtime/engine/team.h"
#include "runtime/learning/sac_state.h"

namespace motet {

// `state` and `team` outlive the backend. All memory is taken here.
std::unique_ptr<SacBackend> make_native_sac(SacState& state, Team& team);

// Multiplications and additions of one update's matrix products.
double sac_update_operations(const SacShape& shape, const SacSettings& settings);

}  // namespace motet
