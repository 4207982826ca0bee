#pragma once

// Soft actor-critic by the native engine: passes derived by hand, on all members of a team. What comes of
// an update does not depend on how many there are: every number is summed by one of them, in one order.

#include <memory>
#include <vector>

#include "runtime/engine/team.h"
#include "runtime/learning/counted_product.h"
#include "runtime/learning/learner_state.h"

namespace motet {

// `state` and `team` outlive the backend. All memory is taken here.
std::unique_ptr<LearnerBackend> make_native_sac(LearnerState& state, Team& team);

// The matrix products of one update of the native engine.
std::vector<CountedProduct> sac_update_products(const LearnerShape& shape, const SacSettings& settings);

}  // namespace motet
