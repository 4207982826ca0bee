#pragma once

// Soft Q-learning by the native engine, on all members of a team; what comes of an update does not depend
// on how many there are.

#include <memory>
#include <vector>

#include "runtime/engine/team.h"
#include "runtime/learning/counted_product.h"
#include "runtime/learning/learner_state.h"

namespace motet {

// `state` and `team` outlive the backend. All memory is taken here.
std::unique_ptr<LearnerBackend> make_native_sql(LearnerState& state, Team& team);

// The matrix products of one update of the native engine, its policy a sampler.
std::vector<CountedProduct> sql_update_products(const LearnerShape& shape, const SqlSettings& settings);

}  // namespace motet
