#pragma once

#include <vector>

#include "runtime/bundle/bundle.h"

namespace motet {

// Policies with first values, from the top, that see all of an observation [n] and drive m motors: for
// measurements and tests. The shapes agree in n and m. Each upper policy is held for `hold` steps of the one
// below.
Bundle untrained_bundle(const std::vector<PolicyShape>& policies, std::int64_t hold, Random& random);

}  // namespace motet
