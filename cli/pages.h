#pragma once

#include <string_view>

namespace motet::cli {

// The page docs/errors/CODE.md, built into the program.
std::string_view error_page(std::string_view code);

}  // namespace motet::cli
