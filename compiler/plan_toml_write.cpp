// A plan to TOML.

#include <algorithm>

#include "compiler/plan_toml.h"
#include "compiler/plan_toml_words.h"
#include "compiler/toml/lines.h"
#include "compiler/toml/robot.h"
#include "compiler/toml/text.h"

namespace motet {

namespace {

std::string hyperparameters_text(const Hyperparameters& values) {
  std::vector<std::pair<std::string, std::string>> columns;
  std::size_t value_width = 0, origin_width = 0;
  for (const Hyperparameter& value : values.all) {
    columns.emplace_back(std::visit([](const auto& v) { return toml_value(v); }, value.value) + ",",
                         toml_value(origin_words[value.origin]) + ",");
    value_width = std::max(value_width, columns.back().first.size());
    origin_width = std::max(origin_width, columns.back().second.size());
  }
  TomlLines lines;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto& [value, origin] = columns[i];
    value.resize(value_width, ' ');
    origin.resize(origin_width, ' ');
    lines.add_text(values.all[i].key, "{ value = " + value + " origin = " + origin +
                                          " source = " + toml_value(values.all[i].source) + " }");
  }
  return lines.text();
}

void reset_fields(const ResetPlan& reset, TomlLines& fields) {
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
  TomlLines lines;
  lines.add("world", environment.world);
  lines.add_unless_empty("scene", environment.scene);
  lines.add("model_hash", environment.model_hash);
  lines.add("horizon", environment.horizon);
  lines.add("observation_size", environment.observation_size);
  lines.add("observation_names", environment.observation_names);
  if (!environment.observation_units.empty()) lines.add("observation_units", environment.observation_units);
  lines.add("samples", samples);
  lines.add_text("resets", toml_tables(environment.resets, reset_fields));
  lines.add_text("reward_terms",
                 toml_tables(environment.reward_terms, [](const RewardTermPlan& term, TomlLines& fields) {
                   fields.add("name", term.name);
                   fields.add("weight", term.weight);
                 }));
  if (!environment.part_rewards.empty()) lines.add("part_rewards", environment.part_rewards);
  lines.add_text("measures",
                 toml_tables(environment.measures, [](const MeasurePlan& measure, TomlLines& fields) {
                   fields.add("name", measure.name);
                   fields.add("over", over_words[measure.over]);
                 }));
  lines.add_text("reset", toml_block(to_text(environment.reset)));
  lines.add_text("step", toml_block(to_text(environment.step)));
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
  TomlLines lines;
  lines.add("name", skill.name);
  if (!skill.aliases.empty()) lines.add("aliases", skill.aliases);
  lines.add("kind", skill_kind_words[skill.kind]);
  lines.add("algorithm", skill.algorithm);
  lines.add("policy", skill.policy.kind);
  // Of a skill that is trained here it follows from what that starts from.
  if (skill.kind == SkillPlan::Kind::imported && !skill.policy.below.empty())
    lines.add_text("layers", toml_tables(skill.policy.below, [](const LayerPlan& layer, TomlLines& fields) {
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
  return text + "\n[skill.environment.robot]\n" + robot_toml(skill.environment.robot);
}

}  // namespace

std::string to_toml(const Plan& plan) {
  TomlLines head;
  head.add("version", plan.version);
  head.add("program", plan.program);
  head.add("program_hash", plan.program_hash);
  std::string text =
      "# What Motet trains: the stages in order, and for each skill every number, where it came from,\n"
      "# and the world with its reward as instructions.\n" +
      head.text() + "\n[run]\n" + hyperparameters_text(plan.run_settings);
  for (const StagePlan& stage : plan.stages)
    text += "\n[[stage]]\nskills = " + toml_value(stage.skills) + "\n";
  for (const SkillPlan& skill : plan.skills) text += skill_text(plan, skill);
  return text;
}

}  // namespace motet
