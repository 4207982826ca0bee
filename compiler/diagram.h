#pragma once

// The policy graph, or the plan's stages, as a picture.

#include <filesystem>
#include <string>

#include "compiler/graph.h"

namespace motet {

// Graphviz source.
std::string hierarchy_dot(const PolicyGraph& graph);
std::string plan_dot(const Plan& plan);

// Lays out and writes DOT text as .svg, .png, .pdf or .dot, by the file's ending. The file is
// written beside and renamed.
Status draw(const std::string& dot, const std::filesystem::path& file);

}  // namespace motet
