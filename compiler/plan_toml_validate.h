#pragma once

#include "compiler/plan/plan.h"
#include "compiler/toml/fields.h"

namespace motet {

// What the runtime takes for granted of a plan and its fields alone do not tell: that names are
// unique and refer to what comes before, that programs have the outputs that are asked of them, that
// sizes agree and numbers are finite.
void validate(const Plan& plan, FirstError& error);

}  // namespace motet
