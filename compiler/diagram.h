#pragma once

// The policy graph, or the plan's stages, as a picture.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "compiler/graph.h"

namespace motet {

// What a run has made of a skill so far.
struct SkillProgress {
  enum class State { untrained, unfinished, trained };
  State state = State::untrained;
  std::vector<std::string> lines;  // plain text, such as "return 752"
};

// Graphviz source. With the progress of a run, by skill, cards have the colour of their state, and its lines.
std::string hierarchy_dot(const PolicyGraph& graph,
                          const std::map<std::string, SkillProgress>& progress = {});
std::string plan_dot(const Plan& plan);

// Lays out and writes DOT text as .svg, .png, .pdf or .dot, by the file's ending. The file is
// written beside and renamed.
Status draw(const std::string& dot, const std::filesystem::path& file);

}  // namespace motet
