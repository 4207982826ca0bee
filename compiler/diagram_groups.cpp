#include "compiler/diagram_groups.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "compiler/lower_skill.h"

namespace motet::diagram {

namespace {

constexpr std::size_t few_skills = 9;  // up to here every skill has a card
constexpr std::size_t smallest_group = 3;
constexpr std::size_t most_columns = 6;
constexpr std::size_t most_worlds = 6;  // of a robot, with a card each

// Where a skill runs, as the picture has it: a world, or a robot's worlds together.
std::string place_of(const PolicyGraph& graph, const SkillNode& skill, const std::vector<bool>& grouped) {
  if (!skill.environment) return "nowhere";
  const std::size_t world = skill.environment->world;
  return grouped[world] ? "robot " + std::to_string(graph.worlds[world].robot)
                        : "world " + std::to_string(world);
}

// What the skills of a group have in common. Those of one height do not stand on each other.
std::string likeness(const SkillNode& skill, const std::string& place, std::size_t height) {
  const auto number = [](std::optional<std::size_t> index) { return index ? std::to_string(*index) : "-"; };
  std::string key =
      std::to_string(static_cast<int>(skill.kind)) + " " + skill.policy_kind + " " + skill.algorithm;
  key += " in " + place + " over " + number(skill.over) + " from " + number(skill.start_from) + " at " +
         std::to_string(height);
  return key + " " + std::to_string(skill.hold) + skill.latent + skill.prior;
}

}  // namespace

std::size_t columns_for(std::size_t cells, std::size_t first_row) {
  const auto square = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(cells))));
  return std::min(std::max(square, first_row), most_columns);
}

std::vector<bool> shown_worlds(const PolicyGraph& graph) {
  std::vector<bool> shown;
  for (const WorldNode& world : graph.worlds) shown.push_back(graph.skills.empty() || !world.imported);
  for (const SkillNode& skill : graph.skills)
    if (skill.environment) shown[skill.environment->world] = true;
  return shown;
}

std::vector<bool> grouped_worlds(const PolicyGraph& graph) {
  std::vector<std::size_t> worlds_of(graph.robots.size(), 0);
  const std::vector<bool> shown = shown_worlds(graph);
  for (std::size_t i = 0; i < graph.worlds.size(); ++i)
    if (shown[i]) ++worlds_of[graph.worlds[i].robot];
  std::vector<bool> grouped;
  for (const WorldNode& world : graph.worlds) grouped.push_back(worlds_of[world.robot] > most_worlds);
  return grouped;
}

std::vector<Group> group_skills(const PolicyGraph& graph) {
  const std::size_t shown = std::min(graph.skills.size(), most_skills);
  std::vector<std::size_t> height(shown, 0);
  std::vector<std::vector<std::size_t>> alike;
  std::map<std::string, std::size_t> places;
  const std::vector<bool> grouped = grouped_worlds(graph);
  for (std::size_t i = 0; i < shown; ++i) {
    for (const std::size_t lower : skills_below(graph.skills[i]))
      height[i] = std::max(height[i], height[lower] + 1);
    const auto [place, is_new] = places.try_emplace(
        likeness(graph.skills[i], place_of(graph, graph.skills[i], grouped), height[i]), alike.size());
    if (is_new) alike.emplace_back();
    alike[place->second].push_back(i);
  }

  const auto apart = [&](const auto& skills) {
    return shown <= few_skills || skills.size() < smallest_group;
  };
  std::vector<bool> pointed_at(shown, false);  // by an edge to its own cell
  for (const auto& skills : alike)
    for (const std::size_t skill : skills)
      if (apart(skills) || !graph.skills[skill].composition)
        for (const std::size_t lower : skills_below(graph.skills[skill])) pointed_at[lower] = true;

  std::vector<Group> groups;
  for (std::vector<std::size_t>& skills : alike) {
    if (apart(skills)) {
      for (const std::size_t skill : skills) groups.push_back({{skill}, 1});
      continue;
    }
    const auto last =
        std::stable_partition(skills.begin(), skills.end(), [&](std::size_t i) { return pointed_at[i]; });
    groups.push_back({skills, columns_for(skills.size(), static_cast<std::size_t>(last - skills.begin()))});
  }
  return groups;
}

}  // namespace motet::diagram
