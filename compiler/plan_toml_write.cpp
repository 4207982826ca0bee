// A plan to TOML.

#include <algorithm>

#include "compiler/plan_toml.h"
#include "compiler/plan_toml_words.h"
#include "compiler/toml_text.h"
#include "language/utf8.h"

namespace motet {

namespace {

constexpr std::size_t widest_line = 100;

std::string toml(bool value) {
  return value ? "true" : "false";
}
std::string toml(double value) {
  return toml_number(value);
}
std::string toml(std::string_view value) {
  return toml_quoted(value);
}
std::string toml(const std::string& value) {
  return toml_quoted(value);
}
template <typename Integer>
requires std::is_integral_v<Integer> std::string toml(Integer value) {
  return std::to_string(value);
}

// A list on one line, or an item a line where it would be too long.
std::string list(const std::vector<std::string>& items, bool on_lines = false) {
  std::string line = "[", lines = "[\n";
  for (const std::string& item : items) {
    line += (line.size() > 1 ? ", " : "") + item;
    lines += "  " + item + ",\n";
  }
  const bool long_line = line.size() > widest_line;
  return !items.empty() && (on_lines || long_line) ? lines + "]" : line + "]";
}

std::string toml(const std::vector<std::int64_t>& values) {
  std::vector<std::string> items;
  for (const std::int64_t value : values) items.push_back(std::to_string(value));
  return list(items);
}
std::string toml(const std::vector<std::string>& values) {
  std::vector<std::string> items;
  for (const std::string& value : values) items.push_back(toml_quoted(value));
  return list(items);
}

// As it is, on lines of its own; escaped where it holds what a literal string cannot.
std::string text_block(const std::string& text) {
  const bool literal = text.find("'''") == text.npos && !text.ends_with('\'') && !utf8::first_invalid(text) &&
                       std::all_of(text.begin(), text.end(), [](unsigned char c) {
                         return (c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t';
                       });
  return literal ? "'''\n" + text + "'''" : toml_quoted(text);
}

// Lines `key = value` with their `=` below each other.
class Lines {
 public:
  template <typename T>
  void add(std::string_view key, const T& value) {
    add_text(key, toml(value));
  }
  void add_text(std::string_view key, std::string value) { lines_.emplace_back(key, std::move(value)); }
  // Left out where it says nothing.
  void add_unless_empty(std::string_view key, const std::string& value) {
    if (!value.empty()) add(key, value);
  }

  std::string text() const {
    std::size_t width = 0;
    for (const auto& [key, value] : lines_) width = std::max(width, key.size());
    std::string text;
    for (const auto& [key, value] : lines_)
      text += key + std::string(width - key.size(), ' ') + " = " + value + "\n";
    return text;
  }
  // On one line, for lists of tables.
  std::string inline_table() const {
    std::string text = "{";
    for (const auto& [key, value] : lines_) text += (text.size() > 1 ? ", " : " ") + key + " = " + value;
    return text + " }";
  }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

std::string hyperparameters_text(const Hyperparameters& values) {
  std::vector<std::pair<std::string, std::string>> columns;
  std::size_t value_width = 0, origin_width = 0;
  for (const Hyperparameter& value : values.all) {
    columns.emplace_back(std::visit([](const auto& v) { return toml(v); }, value.value) + ",",
                         toml(origin_words[value.origin]) + ",");
    value_width = std::max(value_width, columns.back().first.size());
    origin_width = std::max(origin_width, columns.back().second.size());
  }
  Lines lines;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& [value, origin] = columns[i];
    value.resize(value_width, ' ');
    origin.resize(origin_width, ' ');
    lines.add_text(values.all[i].key, "{ value = " + value + " origin = " + origin +
                                          " source = " + toml(values.all[i].source) + " }");
  }
  return lines.text();
}

template <typename Item, typename Fill>
std::string tables(const std::vector<Item>& items, Fill fill) {
  std::vector<std::string> texts;
  for (const Item& item : items) {
    Lines lines;
    fill(item, lines);
    texts.push_back(lines.inline_table());
  }
  return list(texts, true);
}

std::string robot_text(const RobotPlan& robot) {
  Lines lines;
  lines.add("name", robot.name);
  if (robot.model.empty())
    lines.add("point_dimensions", robot.point_dimensions);
  else
    lines.add("model", robot.model);
  lines.add("control_period", robot.control_period);
  lines.add_text("actuators", tables(robot.actuators, [](const ActuatorPlan& actuator, Lines& fields) {
                   fields.add("name", actuator.name);
                   fields.add("low", actuator.low);
                   fields.add("high", actuator.high);
                 }));
  lines.add_text("action", tables(robot.action, [](const ActionCoordinate& coordinate, Lines& fields) {
                   fields.add("name", coordinate.name);
                   fields.add("low", coordinate.low);
                   fields.add("high", coordinate.high);
                 }));
  lines.add_text("limits", tables(robot.limits, [](const LimitPlan& limit, Lines& fields) {
                   fields.add("kind", limit_words[limit.kind]);
                   fields.add("joint", limit.joint);
                   fields.add("low", limit.low);
                   fields.add("high", limit.high);
                 }));
  if (robot.drive) lines.add_text("drive", text_block(to_text(*robot.drive)));
  return lines.text();
}

void reset_fields(const ResetPlan& reset, Lines& fields) {
  fields.add("signal", signal_name(reset.target.kind));
  fields.add_unless_empty("name", reset.target.name);
  fields.add("length", reset.target.length);
  fields.add("offset", reset.offset);
  fields.add("add", reset.add);
  fields.add("value", reset.value.name);
}

std::string environment_text(const EnvironmentPlan& environment) {
  std::vector<std::string> samples;
  for (const Output& sample : environment.samples) samples.push_back(sample.name);
  Lines lines;
  lines.add("world", environment.world);
  lines.add_unless_empty("scene", environment.scene);
  lines.add("model_hash", environment.model_hash);
  lines.add("horizon", environment.horizon);
  lines.add("observation_size", environment.observation_size);
  lines.add("observation_names", environment.observation_names);
  lines.add("samples", samples);
  lines.add_text("resets", tables(environment.resets, reset_fields));
  lines.add_text("reward_terms",
                 tables(environment.reward_terms, [](const RewardTermPlan& term, Lines& fields) {
                   fields.add("name", term.name);
                   fields.add("weight", term.weight);
                 }));
  if (!environment.part_rewards.empty()) lines.add("part_rewards", environment.part_rewards);
  lines.add_text("measures", tables(environment.measures, [](const MeasurePlan& measure, Lines& fields) {
                   fields.add("name", measure.name);
                   fields.add("over", over_words[measure.over]);
                 }));
  lines.add_text("reset", text_block(to_text(environment.reset)));
  lines.add_text("step", text_block(to_text(environment.step)));
  return lines.text();
}

// From observation to action, as a comment: it follows from the fields.
std::string chain_comment(const Plan& plan, const SkillPlan& skill) {
  std::string text;
  for (const ChainStep& step : execution_chain(plan, skill)) {
    text += text.empty() ? "# " : " -> ";
    text += step.operation + " [" + std::to_string(step.output) + "]";
  }
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text + "\n";
}

std::string skill_text(const Plan& plan, const SkillPlan& skill) {
  Lines lines;
  lines.add("name", skill.name);
  if (!skill.aliases.empty()) lines.add("aliases", skill.aliases);
  lines.add("kind", skill_kind_words[skill.kind]);
  lines.add("algorithm", skill.algorithm);
  lines.add("policy", skill.policy.kind);
  // Of a skill that is trained here it follows from what that starts from.
  if (skill.kind == SkillPlan::Kind::imported && !skill.policy.below.empty())
    lines.add_text("layers", tables(skill.policy.below, [](const LayerPlan& layer, Lines& fields) {
                     fields.add("embedding", layer.embedding);
                     fields.add("couplings", layer.couplings);
                     fields.add("units", layer.units);
                   }));
  lines.add_unless_empty("over", skill.over);
  if (!skill.parts.empty()) lines.add("parts", skill.parts);
  lines.add_unless_empty("composition", skill.composition);
  lines.add_unless_empty("from", skill.from);
  lines.add_unless_empty("imported_name", skill.imported_name);
  lines.add_unless_empty("checkpoint", skill.checkpoint);
  lines.add_unless_empty("start_from", skill.start_from);
  lines.add("hold", skill.hold);
  lines.add("latent", skill.latent);
  lines.add("prior", skill.prior);
  lines.add("hash", skill.hash);
  std::string text = "\n" + chain_comment(plan, skill) + "[[skill]]\n" + lines.text();
  text += "\n[skill.hyperparameters]\n" + hyperparameters_text(skill.hyperparameters);
  text += "\n[skill.environment]\n" + environment_text(skill.environment);
  return text + "\n[skill.environment.robot]\n" + robot_text(skill.environment.robot);
}

}  // namespace

std::string to_toml(const Plan& plan) {
  Lines head;
  head.add("version", plan.version);
  head.add("program", plan.program);
  head.add("program_hash", plan.program_hash);
  std::string text =
      "# What Motet trains: the stages in order, and for each skill every number, where it came from,\n"
      "# and the world with its reward as instructions.\n" +
      head.text() + "\n[run]\n" + hyperparameters_text(plan.run_settings);
  for (const StagePlan& stage : plan.stages) text += "\n[[stage]]\nskills = " + toml(stage.skills) + "\n";
  for (const SkillPlan& skill : plan.skills) text += skill_text(plan, skill);
  return text;
}

}  // namespace motet
