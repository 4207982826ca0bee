// The policy hierarchy as Graphviz source: robots below, worlds on them, skills on these, upper skills
// above the lower ones, rewards at their sides.

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diagram.h"
#include "compiler/diagram_cards.h"
#include "compiler/diagram_label.h"
#include "compiler/lower_skill.h"

namespace motet {

namespace {

using namespace diagram;

class HierarchyDrawing {
 public:
  HierarchyDrawing(const PolicyGraph& graph, const std::map<std::string, SkillProgress>& progress)
      : graph_(graph), progress_(progress), groups_(group_skills(graph)) {
    const auto upper = std::count_if(groups_.begin(), groups_.end(), [&](const Group& group) {
      return graph_.skills[group.skills.front()].over.has_value();
    });
    many_layers_ = upper > most_state_edges;
  }

  std::string dot() {
    text_ = head("TB");
    bodies();
    for (const Group& group : groups_) nodes(group);
    for (const Group& group : groups_) world_edges(group);
    for (std::size_t i = 0; i < std::min(graph_.skills.size(), most_skills); ++i) skill_edges(i);
    if (graph_.skills.size() > most_skills) left_out(graph_.skills.size() - most_skills);
    return text_ + "}\n";
  }

 private:
  // Edges past so many layers are no longer told apart: the cards say what they would.
  static constexpr std::ptrdiff_t most_state_edges = 6;

  void node(const std::string& id, const std::string& label) {
    statement(id, Attributes().html("label", label));
  }
  void statement(const std::string& what, const Attributes& attributes) {
    text_ += "  " + what + attributes.str() + "\n";
  }
  void edge(const std::string& from, const std::string& to, const Attributes& attributes) {
    statement(from + " -> " + to, attributes);
  }
  void same_rank(const std::vector<std::string>& ids) {
    text_ += "  {rank=\"same\"";
    for (const std::string& id : ids) text_ += "; " + id;
    text_ += "}\n";
  }

  // --- robots and worlds ---

  void bodies() {
    std::vector<std::string> robots, worlds;
    const std::vector<bool> shown = shown_worlds(graph_);
    std::vector<bool> stands(graph_.robots.size(), graph_.skills.empty());  // in a world that is shown
    for (std::size_t i = 0; i < graph_.worlds.size(); ++i)
      if (shown[i]) stands[graph_.worlds[i].robot] = true;
    for (std::size_t i = 0; i < graph_.robots.size(); ++i) {
      if (graph_.robots[i].imported && !stands[i]) continue;
      robots.push_back("r" + std::to_string(i));
      node(robots.back(), robot_card(graph_.robots[i]));
    }
    std::map<std::size_t, std::vector<std::size_t>> together;  // by robot
    const std::vector<bool> grouped = grouped_worlds(graph_);
    for (std::size_t i = 0; i < graph_.worlds.size(); ++i) {
      const std::size_t robot = graph_.worlds[i].robot;
      worlds_.push_back(grouped[i] ? "v" + std::to_string(robot) : "w" + std::to_string(i));
      if (!shown[i]) continue;
      if (grouped[i]) together[robot].push_back(i);
      if (grouped[i] && together[robot].size() > 1) continue;
      worlds.push_back(worlds_.back());
      edge(worlds_[i], "r" + std::to_string(robot), Attributes().text("dir", "none").text("weight", "2"));
      if (!grouped[i]) node(worlds_[i], world_card(graph_, graph_.worlds[i]));
    }
    for (const auto& [robot, members] : together)
      node("v" + std::to_string(robot), worlds_card(graph_, members));
    same_rank(robots);
    same_rank(worlds);
  }

  // --- skills ---

  void nodes(const Group& group) {
    const std::size_t first = group.skills.front();
    const SkillNode& skill = graph_.skills[first];
    const bool says_world =
        skill.environment && (worlds_[skill.environment->world][0] == 'v' || !has_state_edge(skill));
    if (group.skills.size() > 1) {
      const std::string id = "g" + std::to_string(first);
      node(id, group_card(graph_, group, says_world, progress_));
      for (std::size_t i = 0; i < group.skills.size(); ++i) {
        const std::size_t member = group.skills[i];
        nodes_[member] = id;
        // The cells of the first row have ends of their own, at their upper sides.
        ends_[member] = i < group.columns ? id + ":s" + std::to_string(member) + ":n" : id;
      }
      return;
    }
    const std::string id = "s" + std::to_string(first);
    nodes_[first] = ends_[first] = id;
    const auto progress = progress_.find(skill.name);
    node(id,
         skill_card(graph_, skill, says_world, progress == progress_.end() ? nullptr : &progress->second));
    if (skill.kind == SkillPlan::Kind::learned && skill.environment)
      reward(id, "m" + std::to_string(first), *skill.environment);
  }

  void reward(const std::string& skill, const std::string& id, const Environment& environment) {
    node(id, reward_card(graph_, environment));
    edge(skill, id,
         Attributes()
             .text("dir", "back")
             .text("label", " reward ℝ")
             .text("color", reward_colours.line)
             .text("fontcolor", reward_colours.line));
  }

  // A skill reads the state of its world. One that stands on no other acts there, too.
  void world_edges(const Group& group) {
    const SkillNode& skill = graph_.skills[group.skills.front()];
    if (!skill.environment || !has_state_edge(skill)) return;
    const std::string& world = worlds_[skill.environment->world];
    const std::string& node = nodes_[group.skills.front()];
    const std::string state = state_text(group);
    if (skill.over || skill.composition)
      edge(node, world, Attributes().text("dir", "back").text("label", " " + state));
    else
      edge(node, world,
           Attributes()
               .text("dir", "both")
               .text("weight", "4")
               .text("label", " ↑ " + state + "\\l ↓ action " + space(skill.action_size) + "\\l"));
  }

  // The dimension, where it is the same for all.
  std::string state_text(const Group& group) const {
    const auto size_of = [&](std::size_t skill) {
      const Environment& environment = *graph_.skills[skill].environment;
      return static_cast<int>(environment.terms[environment.observation].length);
    };
    const int size = size_of(group.skills.front());
    const bool same = std::all_of(group.skills.begin(), group.skills.end(),
                                  [&](std::size_t i) { return size_of(i) == size; });
    return same ? "state " + space(size) : "state ℝⁿ";
  }

  // A composition that runs where its parts do adds nothing to the picture.
  bool has_state_edge(const SkillNode& skill) const {
    if (!skill.composition) return !skill.over || !many_layers_;
    const std::vector<std::size_t> parts = skills_below(skill);
    return std::none_of(parts.begin(), parts.end(), [&](std::size_t part) {
      const auto& environment = graph_.skills[part].environment;
      return environment && environment->world == skill.environment->world;
    });
  }

  // --- what skills stand on ---

  void skill_edges(std::size_t index) {
    const SkillNode& skill = graph_.skills[index];
    if (skill.over) latent_edge(index, skill);
    if (skill.start_from)
      edge(ends_[index], ends_[*skill.start_from],
           Attributes().text("dir", "back").text("style", "dashed").text("label", " starts from"));
    if (!skill.composition) return;
    if (nodes_[index].starts_with("g"))
      group_parts(nodes_[index], *skill.composition);
    else
      edge(nodes_[index], operation(*skill.composition), q_edge(1).text("weight", "8"));
  }

  // The cells of a group say what they are made of: one edge to each card that has a part.
  void group_parts(const std::string& from, const CompositionNode& composition) {
    if (composition.kind == CompositionNode::Kind::skill &&
        drawn_.insert(from + nodes_[composition.skill]).second)
      edge(from, nodes_[composition.skill], q_edge(1));
    for (const CompositionNode& child : composition.children) group_parts(from, child);
  }

  // One edge for all skills of a group, as they stand on the same.
  void latent_edge(std::size_t index, const SkillNode& skill) {
    if (!drawn_.insert(nodes_[index] + ends_[*skill.over]).second) return;
    edge(nodes_[index], ends_[*skill.over],
         Attributes()
             .text("label", "  latent " + space(skill.action_size))
             .text("color", skill_colours.line)
             .text("fontcolor", skill_colours.line)
             .text("penwidth", "2.4")
             .text("weight", "12"));
  }

  static Attributes q_edge(double times) {
    return Attributes()
        .text("dir", "back")
        .text("label", times == 1 ? " Q" : " " + weight(times) + " Q")
        .text("color", composition_colours.line)
        .text("fontcolor", composition_colours.line);
  }

  // The node of `&` or `|`, with its parts below it; of a skill, its own.
  std::string operation(const CompositionNode& node) {
    if (node.kind == CompositionNode::Kind::skill) return ends_[node.skill];
    std::string id = "o" + std::to_string(operations_++);
    const bool both = node.kind == CompositionNode::Kind::both;
    statement(id, Attributes()
                      .text("shape", "circle")
                      .text("label", both ? "&" : "|")
                      .text("style", "filled")
                      .text("color", composition_colours.line)
                      .text("fillcolor", composition_colours.ground)
                      .text("fontcolor", composition_colours.line)
                      .text("fontsize", "13")
                      .text("width", "0.32")
                      .text("fixedsize", "true")
                      .text("penwidth", "1.4"));
    for (const CompositionNode& child : node.children) edge(id, operation(child), q_edge(child.weight));
    return id;
  }

  void left_out(std::size_t skills) {
    statement("more", Attributes()
                          .text("shape", "plaintext")
                          .text("fontcolor", quiet_ink)
                          .text("label", "… and " + std::to_string(skills) + " skills more"));
  }

  const PolicyGraph& graph_;
  const std::map<std::string, SkillProgress>& progress_;
  std::vector<Group> groups_;
  bool many_layers_ = false;
  std::vector<std::string> worlds_;  // the node of each world
  std::string text_;
  std::map<std::size_t, std::string> nodes_, ends_;  // of each skill: its node, and its port in it
  std::set<std::string> drawn_;                      // edges that stand for several: from and to
  std::size_t operations_ = 0;
};

}  // namespace

std::string hierarchy_dot(const PolicyGraph& graph, const std::map<std::string, SkillProgress>& progress) {
  return HierarchyDrawing(graph, progress).dot();
}

}  // namespace motet
