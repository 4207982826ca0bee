#pragma once

// The cards of a policy graph's nodes, as HTML-like labels.

#include <map>
#include <string>
#include <vector>

#include "compiler/diagram.h"
#include "compiler/diagram_groups.h"

namespace motet::diagram {

std::string robot_card(const RobotNode& robot);
std::string world_card(const PolicyGraph& graph, const WorldNode& world);
// A robot's worlds as cells.
std::string worlds_card(const PolicyGraph& graph, const std::vector<std::size_t>& worlds);
// `says_world`: its world and state, where no edge leads to them. `progress`: nothing, where the graph is not
// a run's.
std::string skill_card(const PolicyGraph& graph, const SkillNode& skill, bool says_world,
                       const SkillProgress* progress);
// Several skills as cells, each a port "s7" by its index, with what it maximizes or is composed of.
std::string group_card(const PolicyGraph& graph, const Group& group, bool says_world,
                       const std::map<std::string, SkillProgress>& progress);
// The sum of a skill's named rewards with their weights.
std::string reward_card(const PolicyGraph& graph, const Environment& environment);

// "near + 0.1 gentle", or a term a line.
std::vector<std::string> reward_lines(const PolicyGraph& graph, const Environment& environment);
// "a & 2 b", "a | (b & c)".
std::string composition_text(const PolicyGraph& graph, const CompositionNode& node, bool inner);

}  // namespace motet::diagram
