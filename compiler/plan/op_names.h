#pragma once

#include <optional>
#include <string_view>

#include "compiler/plan/program.h"

namespace motet {

// The operation whose op_name() this is.
std::optional<Op> find_op(std::string_view name);

}  // namespace motet
