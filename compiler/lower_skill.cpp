#include "compiler/lower_skill.h"

#include <algorithm>

#include "compiler/lower_imported.h"
#include "compiler/lower_paths.h"
#include "compiler/plan/composition.h"
#include "compiler/setting_value.h"

namespace motet {

namespace {

class HyperparameterLowering {
 public:
  HyperparameterLowering(const SkillNode& skill, const SkillLowering& context)
      : skill_(skill), context_(context) {}

  Hyperparameters lower() {
    read_program();
    const std::string temperature_key = "learn." + skill_.algorithm + ".temperature";
    const bool learned =
        find_setting(temperature_key) != nullptr && value_of(temperature_key).value == SettingValue("auto");
    Hyperparameters values;
    for (const std::string_view key : hyperparameter_keys(skill_.algorithm, skill_.policy_kind, learned))
      values.all.push_back(value_of(key));
    for (Hyperparameter& value : values.all) resolve_target_entropy(value);
    return values;
  }

 private:
  void read_program() {
    for (const SettingNode& setting : skill_.settings) {
      const SettingSchema* schema = find_setting(setting.key);
      if (schema == nullptr) continue;  // the checker has refused it
      FittedSetting fitted = fit_setting(*schema, setting.value);
      if (!fitted) context_.diagnostics.add({*fitted.code, fitted.message, {setting.span, ""}});
      const SourceFile& file = context_.sources.file(setting.span.file);
      const std::string name = std::filesystem::path(file.path()).filename().string();
      const std::string line = std::to_string(file.position(setting.span.begin).line);
      program_.push_back({setting.key, fitted ? std::move(fitted.value) : schema->fallback, Origin::program,
                          name + ":" + line});
    }
  }

  Hyperparameter value_of(std::string_view key) const {
    return resolve(key, program_, context_.settings, skill_.policy_kind);
  }

  // Sec. 5.3: -1 an action dimension.
  void resolve_target_entropy(Hyperparameter& value) const {
    if (value.key == "learn.sac.target_entropy" && value.value == SettingValue("auto"))
      value.value = -static_cast<double>(skill_.action_size);
  }

  const SkillNode& skill_;
  const SkillLowering& context_;
  std::vector<Hyperparameter> program_;
};

// `a` and `b` together make no sense: both are named, with where they came from.
void report_clash(Code code, const std::string& message, const SkillNode& skill, const SkillLowering& context,
                  const Hyperparameters& values, std::initializer_list<std::string_view> keys) {
  Diagnostic diagnostic{code, message, {skill.span, ""}};
  for (const std::string_view key : keys)
    if (const Hyperparameter* value = values.find(key))
      diagnostic.notes.push_back("`" + value->key + "` is " + to_text(value->value) + " (" + value->source +
                                 ")");
  context.diagnostics.add(std::move(diagnostic));
}

void check_settings(const SkillNode& skill, const Hyperparameters& values, const SkillLowering& context) {
  const std::string learn = "learn." + skill.algorithm + ".";
  const auto number = [&](const char* name) -> std::optional<std::int64_t> {
    const Hyperparameter* value = values.find(learn + name);
    const auto* integer = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->value);
    return integer == nullptr ? std::nullopt : std::optional(*integer);
  };
  const auto steps = number("steps"), batch = number("batch"), replay = number("replay"),
             warmup = number("warmup");
  if (batch && replay && *batch > *replay)
    report_clash(Code::M0608, "the replay of `" + skill.name + "` is smaller than a minibatch", skill,
                 context, values, {learn + "batch", learn + "replay"});
  if (steps && warmup && *warmup >= *steps)
    report_clash(Code::M0609, "`" + skill.name + "` ends before it begins to learn", skill, context, values,
                 {learn + "steps", learn + "warmup"});
  const Hyperparameter* proposal = values.find(learn + "value_proposal");
  if (proposal != nullptr && proposal->value == SettingValue("adaptive") && skill.policy_kind == "sampler")
    report_clash(Code::M0608,
                 "`" + skill.name +
                     "` is a sampler, which has no density to weigh its actions by: take a `policy flow`",
                 skill, context, values, {learn + "value_proposal"});
}

std::vector<std::string> names(const PolicyGraph& graph, const std::vector<std::size_t>& skills) {
  std::vector<std::string> result;
  for (const std::size_t skill : skills) result.push_back(graph.skills[skill].name);
  return result;
}

}  // namespace

std::vector<std::size_t> skills_below(const SkillNode& skill) {
  std::vector<std::size_t> below;
  if (skill.composition) below = parts_of(*skill.composition);
  if (skill.over) below.push_back(*skill.over);
  if (skill.start_from) below.push_back(*skill.start_from);
  return below;
}

Composition composition_of(const PolicyGraph& graph, const CompositionNode& node) {
  Composition composition;
  composition.weight = node.weight;
  if (node.kind == CompositionNode::Kind::skill) {
    composition.skill = graph.skills[node.skill].name;
    return composition;
  }
  composition.kind =
      node.kind == CompositionNode::Kind::both ? Composition::Kind::mean : Composition::Kind::softmax;
  for (const CompositionNode& child : node.children)
    composition.children.push_back(composition_of(graph, child));
  return composition;
}

SkillPlan lower_skill(const PolicyGraph& graph, const SkillNode& skill, const SkillLowering& context) {
  if (skill.kind == SkillPlan::Kind::imported) return lower_imported(graph, skill, context);
  SkillPlan plan;
  plan.name = skill.name;
  plan.aliases = skill.aliases;
  plan.kind = skill.kind;
  plan.algorithm = skill.algorithm;
  if (skill.over) plan.over = graph.skills[*skill.over].name;
  if (skill.start_from) plan.start_from = graph.skills[*skill.start_from].name;
  plan.hold = skill.hold;
  plan.latent = skill.latent;
  plan.prior = skill.prior;
  if (skill.composition) {
    plan.parts = names(graph, parts_of(*skill.composition));
    plan.composition = to_text(composition_of(graph, *skill.composition));
  }
  if (skill.environment) plan.environment = lower_environment(graph, *skill.environment, context.library);
  plan.hyperparameters = HyperparameterLowering(skill, context).lower();
  check_settings(skill, plan.hyperparameters, context);
  plan.policy.kind = skill.policy_kind;
  resolve_settings(plan);
  return plan;
}

}  // namespace motet
