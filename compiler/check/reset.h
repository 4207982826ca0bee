#pragma once

// What a reset sets.

#include <vector>

#include "compiler/check/context.h"

namespace motet::checking {

// `reset TARGET = VALUE` or `+=`: appends what it comes to, one node for each run of neighbours in the
// target. The world's model must allow the target to be set (M0413, M0510).
void check_reset(Context& context, Elaborator& elaborator, std::uint32_t module,
                 const syntax::ResetItem& item, std::vector<ResetNode>& resets);

}  // namespace motet::checking
