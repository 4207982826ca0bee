#include "compiler/graph.h"

#include <algorithm>

#include "compiler/setting_value.h"
#include "language/text/number.h"

namespace motet {

namespace {

std::string space(int dimensions) {
  return "R^" + std::to_string(dimensions);
}

std::string range(double low, double high) {
  return "[" + format_number(low) + ", " + format_number(high) + "]";
}

// Paths that do not depend on where the program lies.
std::string shown(const std::filesystem::path& file, const std::filesystem::path& program) {
  const std::filesystem::path relative = file.lexically_relative(program.parent_path());
  if (!relative.empty() && *relative.begin() != "..") return relative.generic_string();
  return (file.parent_path().filename() / file.filename()).generic_string();
}

void collect_parts(const CompositionNode& node, std::vector<std::size_t>& parts) {
  if (node.kind == CompositionNode::Kind::skill) {
    if (std::ranges::find(parts, node.skill) == parts.end()) parts.push_back(node.skill);
    return;
  }
  for (const CompositionNode& child : node.children) collect_parts(child, parts);
}

class GraphText {
 public:
  explicit GraphText(const PolicyGraph& graph) : graph_(graph) {}

  std::string text() {
    for (const RobotNode& node : graph_.robots) robot(node);
    for (const WorldNode& node : graph_.worlds) world(node);
    for (const SkillNode& node : graph_.skills) skill(node);
    edges();
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += text + "\n"; }
  void item(const std::string& name, const std::string& value) {
    std::string padded = "  " + name;
    padded.resize(std::max<std::size_t>(padded.size() + 1, 14), ' ');
    line(padded + value);
  }

  void robot(const RobotNode& node) {
    line("robot " + node.name);
    item("model", node.model_file.empty() ? "point(" + std::to_string(node.point_dimensions) + ")"
                                          : shown(node.model_file, graph_.program));
    item("control", format_number(node.control_period) + " s");
    for (const ActionCoordinate& coordinate : node.action)
      item("action", coordinate.name + " in " + range(coordinate.low, coordinate.high));
    for (const DriveNode& drive : node.drives)
      item("drive", drive.actuator + " = " + to_text(node.terms, drive.value));
    for (const LimitPlan& limit : node.limits) this->limit(limit);
    line("");
  }

  void limit(const LimitPlan& limit) {
    static const char* const names[] = {".pos", ".vel", ".torque", ""};
    if (limit.kind == LimitPlan::Kind::action_rate)
      return item("limit", "action rate " + format_number(limit.high) + " per s");
    const std::string joint = limit.joint.empty() ? "every joint" : "joint " + limit.joint;
    item("limit",
         joint + names[static_cast<std::size_t>(limit.kind)] + " in " + range(limit.low, limit.high));
  }

  void world(const WorldNode& node) {
    line("world " + node.name);
    item("robot", graph_.robots[node.robot].name);
    if (!node.scene_file.empty()) item("scene", shown(node.scene_file, graph_.program));
    item("horizon", std::to_string(node.horizon) + " steps");
    for (const std::string& sample : node.samples) item("sample", sample);
    line("");
  }

  void skill(const SkillNode& node) {
    line("skill " + node.name);
    for (const std::string& alias : node.aliases) item("also", alias);
    if (node.kind == SkillPlan::Kind::imported) item("from", shown(node.from, graph_.program));
    if (node.environment) item("in", graph_.worlds[node.environment->world].name);
    if (!node.algorithm.empty()) item("learn", node.algorithm);
    if (!node.policy_kind.empty()) item("policy", node.policy_kind);
    for (const SettingNode& setting : node.settings)
      item("set", setting.key + " = " + to_text(setting.value));
    if (node.over) item("over", graph_.skills[*node.over].name);
    if (node.over && node.kind != SkillPlan::Kind::imported) item("hold", std::to_string(node.hold));
    if (node.composition) item("composed", composition(*node.composition));
    if (node.start_from) item("start from", graph_.skills[*node.start_from].name);
    if (node.latent != "step") item("latent", "per " + node.latent);
    if (node.prior != "uniform") item("prior", node.prior);
    if (node.environment)
      for (const RewardTerm& term : node.environment->reward_terms)
        item("reward", (term.weight == term.weight ? format_number(term.weight) + " * " : "") +
                           graph_.rewards[term.reward].name);
    line("");
  }

  std::string composition(const CompositionNode& node) const {
    std::string text;
    if (node.kind == CompositionNode::Kind::skill) {
      text = graph_.skills[node.skill].name;
    } else {
      for (const CompositionNode& child : node.children)
        text += (text.empty()                               ? ""
                 : node.kind == CompositionNode::Kind::both ? " & "
                                                            : " | ") +
                composition(child);
      text = "(" + text + ")";
    }
    return node.weight == 1 ? text : format_number(node.weight) + " * " + text;
  }

  // --- edges --------------------------------------------------------------------------------------

  void edge(const std::string& from, const std::string& to, const std::string& type) {
    line("  " + from + " -> " + to + " : " + type);
  }

  void edges() {
    line("edges");
    for (const WorldNode& node : graph_.worlds)
      edge("robot " + graph_.robots[node.robot].name, "world " + node.name,
           "action " + space(static_cast<int>(graph_.robots[node.robot].action.size())));
    for (const SkillNode& node : graph_.skills) skill_edges(node);
  }

  void skill_edges(const SkillNode& node) {
    const std::string name = "skill " + node.name;
    if (node.environment) {
      const Environment& environment = *node.environment;
      const int state = static_cast<int>(environment.terms[environment.observation].length);
      edge("world " + graph_.worlds[environment.world].name, name, "state " + space(state));
      for (const RewardTerm& term : environment.reward_terms)
        edge("reward " + graph_.rewards[term.reward].name, name, "reward R");
    }
    // A part that occurs twice is read once: how it counts says `composed`.
    if (node.composition)
      for (const std::size_t part : parts_of(*node.composition))
        edge("skill " + graph_.skills[part].name, name, "Q");
    if (node.start_from) edge("skill " + graph_.skills[*node.start_from].name, name, "start");
    if (node.over)
      edge(name, "skill " + graph_.skills[*node.over].name, "latent " + space(node.action_size));
    else if (node.environment)
      edge(name, "world " + graph_.worlds[node.environment->world].name, "action " + space(node.action_size));
  }

  const PolicyGraph& graph_;
  std::string text_;
};

}  // namespace

std::vector<std::size_t> parts_of(const CompositionNode& node) {
  std::vector<std::size_t> parts;
  collect_parts(node, parts);
  return parts;
}

const SkillNode* PolicyGraph::find_skill(std::string_view name) const {
  for (const SkillNode& skill : skills)
    if (skill.name == name) return &skill;
  for (const SkillNode& skill : skills)
    if (std::ranges::find(skill.aliases, name) != skill.aliases.end()) return &skill;
  return nullptr;
}

std::string to_text(const PolicyGraph& graph) {
  return GraphText(graph).text();
}

}  // namespace motet
