#include "compiler/diagram_cards.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "compiler/diagram_label.h"

namespace motet::diagram {

namespace {

constexpr std::size_t most_terms = 12;

std::string rate_text(double period) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g Hz", 1 / period);
  return text;
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g s", seconds);
  return text;
}

std::optional<std::int64_t> written_steps(const SkillNode& skill) {
  for (const SettingNode& setting : skill.settings) {
    if (setting.key != "learn." + skill.algorithm + ".steps") continue;
    if (const auto* steps = std::get_if<std::int64_t>(&setting.value)) return *steps;
    if (const auto* steps = std::get_if<double>(&setting.value)) return static_cast<std::int64_t>(*steps);
  }
  return std::nullopt;
}

// "sac · flow policy", "4M steps", "held for 3 steps".
std::vector<std::string> skill_lines(const SkillNode& skill) {
  if (skill.kind == SkillPlan::Kind::imported) return {"from " + escape(skill.from.filename().string(), 30)};
  std::vector<std::string> lines = {escape(skill.algorithm) + " · " + escape(skill.policy_kind) + " policy"};
  if (const auto steps = written_steps(skill)) lines.push_back(count(*steps) + " steps");
  if (skill.hold > 1) lines.push_back("held for " + std::to_string(skill.hold) + " steps");
  if (skill.latent != "step") lines.push_back("latent drawn per " + escape(skill.latent));
  return lines;
}

const Colours& colours_of(const SkillNode& skill, const SkillProgress* progress = nullptr) {
  if (progress != nullptr) {
    switch (progress->state) {
      case SkillProgress::State::trained:
        return trained_colours;
      case SkillProgress::State::unfinished:
        return unfinished_colours;
      case SkillProgress::State::untrained:
        return untrained_colours;
    }
  }
  return skill.kind == SkillPlan::Kind::composed ? composition_colours : skill_colours;
}

std::string kind_of(const SkillNode& skill) {
  switch (skill.kind) {
    case SkillPlan::Kind::composed:
      return "COMPOSED SKILL";
    case SkillPlan::Kind::imported:
      return "TRAINED SKILL";
    case SkillPlan::Kind::learned:
      break;
  }
  return skill.over ? "UPPER SKILL" : "SKILL";
}

std::string horizon_text(const PolicyGraph& graph, const WorldNode& world) {
  const double seconds = static_cast<double>(world.horizon) * graph.robots[world.robot].control_period;
  return count(world.horizon) + " steps · " + seconds_text(seconds);
}

// "in maze, state ℝ³¹".
std::string world_text(const PolicyGraph& graph, const Environment& environment) {
  return "in " + escape(graph.worlds[environment.world].name, 24) + ", state " +
         space(static_cast<int>(environment.terms[environment.observation].length));
}

// "near", "0.1 gentle", "− 0.005 effort" after others.
std::string term_text(const PolicyGraph& graph, const RewardTerm& term, bool first) {
  const std::string name = escape(graph.rewards[term.reward].name, 18);
  if (std::isnan(term.weight)) return (first ? "ƒ(" : "+ ƒ(") + name + ")";
  const double size = std::abs(term.weight);
  const std::string sign = term.weight < 0 ? "− " : first ? "" : "+ ";
  return sign + (size == 1 ? "" : weight(size) + " ") + name;
}

}  // namespace

std::string robot_card(const RobotNode& robot) {
  const std::string body =
      robot.model_file.empty() ? "point" : escape(robot.model_file.filename().string(), 30);
  return named_card("ROBOT", robot.name,
                    {body + " · " + rate_text(robot.control_period),
                     "action " + space(static_cast<int>(robot.action.size()))},
                    robot_colours);
}

std::string world_card(const PolicyGraph& graph, const WorldNode& world) {
  std::vector<std::string> lines = {horizon_text(graph, world)};
  if (!world.scene_file.empty()) lines.push_back(escape(world.scene_file.filename().string(), 30));
  for (std::size_t i = 0; i < world.samples.size() && i < 4; ++i)
    lines.push_back("samples " + escape(world.samples[i], 24));
  return named_card("WORLD", world.name, lines, world_colours);
}

std::string worlds_card(const PolicyGraph& graph, const std::vector<std::size_t>& worlds) {
  constexpr std::size_t most_shown = 60;
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < worlds.size() && i < most_shown; ++i) {
    const WorldNode& world = graph.worlds[worlds[i]];
    cells.push_back(cell({{{bold(escape(world.name, 24))}}, {{small(horizon_text(graph, world))}}}));
  }
  const std::string more =
      worlds.size() > most_shown ? std::to_string(worlds.size() - most_shown) + " more" : "";
  return grid_card(std::to_string(worlds.size()) + " WORLDS", more, cells, columns_for(cells.size(), 0),
                   world_colours);
}

std::string skill_card(const PolicyGraph& graph, const SkillNode& skill, bool says_world,
                       const SkillProgress* progress) {
  std::vector<std::string> lines = skill_lines(skill);
  if (skill.environment && (says_world || skill.composition))
    lines.push_back(world_text(graph, *skill.environment));
  if (progress != nullptr)
    for (const std::string& line : progress->lines)
      lines.push_back(small(bold(escape(line)), colours_of(skill, progress).line));
  return named_card(kind_of(skill), skill.name, lines, colours_of(skill, progress));
}

std::string reward_card(const PolicyGraph& graph, const Environment& environment) {
  const auto& terms = environment.reward_terms;
  const bool plain = terms.size() == 1 && terms[0].weight == 1;
  std::vector<Row> rows = {{{caption(terms.size() > 1 ? "REWARD Σ" : "REWARD", reward_colours.line)}}};
  for (std::size_t i = 0; i < terms.size() && i < most_terms; ++i) {
    const std::string name = small(escape(graph.rewards[terms[i].reward].name, 30), ink);
    if (plain)
      rows.push_back({{name}});
    else
      rows.push_back({{small(weight(terms[i].weight), reward_colours.line), name}, true});
  }
  if (terms.size() > most_terms)
    rows.push_back({{small(std::to_string(terms.size() - most_terms) + " more")}});
  if (terms.empty()) rows.push_back({{small("r(s, a)", ink)}});
  return card(rows, reward_colours);
}

std::vector<std::string> reward_lines(const PolicyGraph& graph, const Environment& environment) {
  constexpr std::size_t most_shown = 4;
  const auto& terms = environment.reward_terms;
  if (terms.empty()) return {"r(s, a)"};
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < terms.size() && i < most_shown; ++i)
    lines.push_back(term_text(graph, terms[i], i == 0));
  if (terms.size() > most_shown) lines.push_back("+ " + std::to_string(terms.size() - most_shown) + " more");
  if (lines.size() == 2) return {lines[0] + " " + lines[1]};
  return lines;
}

std::string composition_text(const PolicyGraph& graph, const CompositionNode& node, bool inner) {
  if (node.kind == CompositionNode::Kind::skill)
    return (node.weight == 1 ? "" : weight(node.weight) + " ") + escape(graph.skills[node.skill].name, 20);
  const bool both = node.kind == CompositionNode::Kind::both;
  std::string text;
  for (const CompositionNode& child : node.children)
    text += (text.empty() ? "" : both ? " &amp; " : " | ") + composition_text(graph, child, true);
  if (inner || node.weight != 1) text = "(" + text + ")";
  return node.weight == 1 ? text : weight(node.weight) + " " + text;
}

std::string group_card(const PolicyGraph& graph, const Group& group, bool says_world,
                       const std::map<std::string, SkillProgress>& progress) {
  const SkillNode& first = graph.skills[group.skills.front()];
  const auto in_its_world = [&](std::size_t index) {
    const auto& environment = graph.skills[index].environment;
    return !environment || environment->world == first.environment->world;
  };
  const bool one_world = std::all_of(group.skills.begin(), group.skills.end(), in_its_world);
  std::string lines;
  for (const std::string& line : skill_lines(first)) lines += (lines.empty() ? "" : " · ") + line;
  if (says_world && one_world && first.environment) lines += " · " + world_text(graph, *first.environment);
  std::vector<std::string> cells;
  for (const std::size_t index : group.skills) {
    const SkillNode& skill = graph.skills[index];
    std::vector<Row> rows = {{{bold(escape(skill.name, 24))}}};
    if (!one_world)
      rows.push_back({{small("in " + escape(graph.worlds[skill.environment->world].name, 24))}});
    if (skill.composition)
      rows.push_back({{small(composition_text(graph, *skill.composition, false))}});
    else if (skill.environment)
      for (const std::string& line : reward_lines(graph, *skill.environment))
        rows.push_back({{small(line, reward_colours.line)}});
    if (const auto found = progress.find(skill.name); found != progress.end())
      for (const std::string& line : found->second.lines)
        rows.push_back({{small(bold(escape(line)), colours_of(skill, &found->second).line)}});
    cells.push_back(cell(rows, "s" + std::to_string(index)));
  }
  return grid_card(std::to_string(group.skills.size()) + " " + kind_of(first) + "S", lines, cells,
                   group.columns, colours_of(first));
}

}  // namespace motet::diagram
