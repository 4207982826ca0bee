// The training stages from left to right as Graphviz source.

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diagram.h"
#include "compiler/diagram_groups.h"
#include "compiler/diagram_label.h"
#include "compiler/setting_value.h"

namespace motet {

namespace {

using namespace diagram;

// Numbers that are always shown, where a skill has them, in this order; others where they are not the
// default.
constexpr std::string_view highlights[] = {
    ".steps",    ".temperature", ".batch", ".learning_rate", ".critic_learning_rate", ".policy_learning_rate",
    ".discount", ".hidden"};

std::size_t place_of(std::string_view key) {
  std::size_t place = 0;
  while (place < std::size(highlights) && !key.ends_with(highlights[place])) ++place;
  return place;
}

// What is shown of a skill's numbers.
std::vector<Hyperparameter> shown_numbers(const Hyperparameters& values) {
  std::vector<Hyperparameter> shown;
  for (const Hyperparameter& value : values.all)
    if (value.origin != Origin::fallback || place_of(value.key) < std::size(highlights))
      shown.push_back(value);
  std::stable_sort(shown.begin(), shown.end(),
                   [](const auto& a, const auto& b) { return place_of(a.key) < place_of(b.key); });
  return shown;
}

std::string value_text(const Hyperparameter& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.value)) return count(*integer);
  if (const auto* layers = std::get_if<std::vector<std::int64_t>>(&value.value)) {
    std::string text;
    for (const std::int64_t units : *layers) text += (text.empty() ? "" : " × ") + std::to_string(units);
    return text;
  }
  return escape(to_text(value.value), 30);
}

// "learn.sac.learning_rate" to "learning rate", "policy.gaussian.hidden" to "policy hidden".
std::string key_text(std::string_view key) {
  const bool policy = key.starts_with("policy.");
  std::string name(key.substr(key.rfind('.') + 1));
  std::replace(name.begin(), name.end(), '_', ' ');
  return (policy ? "policy " : key.ends_with(".hidden") ? "critic " : "") + name;
}

// What the skills of one card have in common: learner, policy, every number.
std::string likeness(const SkillPlan& skill) {
  std::string key = skill.algorithm + " " + skill.policy.kind + " " + std::to_string(skill.hold);
  for (const Hyperparameter& value : skill.hyperparameters.all)
    key += "\n" + value.key + " " + to_text(value.value);
  return key;
}

class PlanDrawing {
 public:
  explicit PlanDrawing(const Plan& plan) : plan_(plan) {}

  std::string dot() {
    text_ = head("LR");
    for (const SkillPlan& skill : plan_.skills)
      if (skill.kind == SkillPlan::Kind::imported) imported(skill);
    for (std::size_t i = 0; i < plan_.stages.size(); ++i) stage(i);
    for (const SkillPlan& skill : plan_.skills) edges(skill);
    if (left_out_ > 0)
      text_ += "  more [shape=\"plaintext\" label=\"… and " + std::to_string(left_out_) + " skills more\"]\n";
    return text_ + "}\n";
  }

 private:
  void node(const std::string& id, const std::string& label) {
    text_ += "  " + id + Attributes().html("label", label).str() + "\n";
  }

  void imported(const SkillPlan& skill) {
    if (!take_place()) return;
    const std::string id = "n" + std::to_string(nodes_++);
    ends_[skill.name] = id;
    node(id, named_card("TRAINED SKILL", skill.name, {"taken as it is"}, robot_colours));
  }

  bool take_place() {
    if (shown_ < most_skills) return ++shown_ > 0;
    ++left_out_;
    return false;
  }

  void stage(std::size_t index) {
    std::vector<std::vector<const SkillPlan*>> cards;
    std::map<std::string, std::size_t> places;
    for (const std::string& name : plan_.stages[index].skills) {
      const SkillPlan* skill = take_place() ? plan_.find(name) : nullptr;
      if (skill == nullptr) continue;
      const auto [place, is_new] = places.try_emplace(likeness(*skill), cards.size());
      if (is_new) cards.emplace_back();
      cards[place->second].push_back(skill);
    }
    if (cards.empty()) return;
    const std::string side = cards.size() > 1 || cards[0].size() > 1 ? "  side by side" : "";
    text_ += "  subgraph cluster_" + std::to_string(index) +
             " {\n    style=\"rounded\" color=\"#cbd2d9\" bgcolor=\"#fafbfc\"" +
             " margin=\"14\" labeljust=\"l\" fontsize=\"10\" fontcolor=\"" + std::string(quiet_ink) +
             "\"\n    label=<" + bold("STAGE " + std::to_string(index + 1)) + side + ">\n";
    for (const auto& skills : cards) stage_card(skills);
    text_ += "  }\n";
  }

  // A cell for each skill, and the numbers that they have in common.
  void stage_card(const std::vector<const SkillPlan*>& skills) {
    const SkillPlan& first = *skills.front();
    const std::string id = "n" + std::to_string(nodes_++);
    std::vector<std::string> cells;
    for (const SkillPlan* skill : skills) {
      ends_[skill->name] = id;
      cells.push_back(skills.size() > 1 ? cell(title(*skill))
                                        : "<TD ALIGN=\"LEFT\">" + table(title(*skill), 1) + "</TD>");
    }
    std::vector<Row> rows = {
        {{small(escape(first.algorithm) + " · " + escape(first.policy.kind) + " policy", ink)}}};
    if (first.hold > 1) rows.push_back({{small("held for"), small(count(first.hold) + " steps", ink)}});
    for (const Hyperparameter& value : shown_numbers(first.hyperparameters))
      rows.push_back(number_row(value));
    const Colours& colours = first.kind == SkillPlan::Kind::composed ? composition_colours : skill_colours;
    const std::string names =
        "<TABLE ALIGN=\"LEFT\" BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"3\" CELLPADDING=\"3\">" +
        grid(cells, columns_for(cells.size(), 0)) + "</TABLE>";
    node(id, card({{{names}}, {{table(rows)}}}, colours));
  }

  static std::vector<Row> title(const SkillPlan& skill) {
    std::string parts;
    for (const std::string& part : skill.parts) parts += (parts.empty() ? "" : ", ") + escape(part, 20);
    std::vector<Row> rows = {{{bold(escape(skill.name, 24))}}};
    if (!parts.empty()) rows.push_back({{small("of " + parts)}});
    return rows;
  }

  // Values that somebody chose stand out, with who it was.
  static Row number_row(const Hyperparameter& value) {
    const bool chosen = value.origin != Origin::fallback;
    return {{small(key_text(value.key)), small(chosen ? bold(value_text(value)) : value_text(value), ink),
             small(escape(value.source, 40), chosen ? reward_colours.line : edge_ink)}};
  }

  void edges(const SkillPlan& skill) {
    edge(skill.over, skill.name, "policy, frozen");
    edge(skill.start_from, skill.name, "weights");
    for (const std::string& part : skill.parts) edge(part, skill.name, "Q, replay");
  }

  // One for all skills of a card.
  void edge(const std::string& from, const std::string& to, const std::string& label) {
    const auto tail = ends_.find(from), head = ends_.find(to);
    if (tail == ends_.end() || head == ends_.end()) return;
    const std::string ends = tail->second + " -> " + head->second;
    if (drawn_.insert(ends + label).second)
      text_ += "  " + ends + Attributes().text("label", label).str() + "\n";
  }

  const Plan& plan_;
  std::string text_;
  std::map<std::string, std::string, std::less<>> ends_;  // the node of each skill
  std::set<std::string> drawn_;
  std::size_t nodes_ = 0, shown_ = 0, left_out_ = 0;
};

}  // namespace

std::string plan_dot(const Plan& plan) {
  return PlanDrawing(plan).dot();
}

}  // namespace motet
