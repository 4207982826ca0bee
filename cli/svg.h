#pragma once

#include <string>

namespace motet::cli {

// Text as it may stand in SVG.
std::string svg_escape(const std::string& text);

}  // namespace motet::cli
