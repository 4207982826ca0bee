#pragma once

// Which worlds and skills of a large program are drawn together, as cells of one card.

#include <cstddef>
#include <vector>

#include "compiler/graph.h"

namespace motet::diagram {

// Skills that differ in name, reward and parts only. One by itself has a card of its own.
struct Group {
  std::vector<std::size_t> skills;  // those that edges lead to first
  std::size_t columns = 1;
};

// A picture holds so many skills; what goes beyond is counted, not drawn.
inline constexpr std::size_t most_skills = 300;

// By world, whether it is drawn: not where it comes from another module and no skill of the program is in it.
// All are, where there are no skills.
std::vector<bool> shown_worlds(const PolicyGraph& graph);

// A robot's worlds, where they are too many for a row: by world, whether it is drawn as a cell.
std::vector<bool> grouped_worlds(const PolicyGraph& graph);

// The groups of the first `most_skills` skills. In a program of a few skills each has its own.
std::vector<Group> group_skills(const PolicyGraph& graph);

// Columns of a grid for so many cells, of which so many belong in the first row.
std::size_t columns_for(std::size_t cells, std::size_t first_row);

}  // namespace motet::diagram
