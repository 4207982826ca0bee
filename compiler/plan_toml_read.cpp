// TOML to a plan.

#include <algorithm>
#include <limits>

#include "compiler/lower_settings.h"
#include "compiler/plan_toml.h"
#include "compiler/plan_toml_validate.h"
#include "compiler/plan_toml_words.h"
#include "compiler/setting_schema.h"
#include "compiler/settings_table.h"
#include "compiler/toml/fields.h"
#include "compiler/toml/robot.h"

namespace motet {

namespace {

constexpr std::int64_t most_steps = 1'000'000'000'000;

// --- hyperparameters ---

// What a field says, as a value of the setting.
SettingValue fitting_value(TomlFields& fields, std::string_view field, const SettingSchema& schema) {
  const toml::node* given = fields.node(field);
  if (given == nullptr) return schema.fallback;
  const auto raw = setting_value(*given);
  FittedSetting fitted = fit_setting(schema, raw.value_or(SettingValue(std::string())));
  if (!raw || !fitted || fitted.value != *raw) fields.fail(field, "it does not fit");
  return std::move(fitted.value);
}

// The leaves of nested tables, "learn.sac.batch": those that have a value.
void read_values(const toml::table& table, const std::string& prefix, TomlFields& owner,
                 Hyperparameters& values) {
  for (auto&& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    const toml::table* inner = node.as_table();
    const SettingSchema* schema = find_setting(key);
    if (inner == nullptr || (schema == nullptr && std::count(key.begin(), key.end(), '.') >= 2))
      return owner.fail(name.str(), "there is no setting `" + key.substr(0, 80) + "`");
    if (schema == nullptr) {
      read_values(*inner, key + ".", owner, values);
      continue;
    }
    TomlFields fields(*inner, owner.where() + "." + key, owner.error());
    Hyperparameter value{
        key, {}, read_enumeration<Origin>(fields, "origin", origin_words), fields.text("source")};
    value.value = fitting_value(fields, "value", *schema);
    fields.done();
    values.all.push_back(std::move(value));
  }
}

// Exactly these keys, sorted.
Hyperparameters read_hyperparameters(
    TomlFields& owner, std::string_view field,
    const std::function<std::vector<std::string_view>(const Hyperparameters&)>& keys) {
  Hyperparameters values;
  TomlFields fields = owner.table(field);
  read_values(owner.raw_table(field), "", fields, values);
  std::sort(values.all.begin(), values.all.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  const std::vector<std::string_view> wanted = keys(values);
  for (const std::string_view key : wanted)
    if (values.find(key) == nullptr) fields.fail(key, "it is missing");
  for (const Hyperparameter& value : values.all)
    if (std::find(wanted.begin(), wanted.end(), value.key) == wanted.end())
      fields.fail(value.key, "it has no part in this");
  return values;
}

Hyperparameters read_skill_values(TomlFields& fields, const SkillPlan& skill) {
  const auto keys = [&](const Hyperparameters& values) {
    const Hyperparameter* temperature = values.find("learn." + skill.algorithm + ".temperature");
    const bool learned = temperature != nullptr && temperature->value == SettingValue("auto");
    return hyperparameter_keys(skill.algorithm, skill.policy.kind, learned);
  };
  Hyperparameters values = read_hyperparameters(fields, "hyperparameters", keys);
  const Hyperparameter* entropy = values.find("learn.sac.target_entropy");
  if (entropy != nullptr && !std::holds_alternative<double>(entropy->value))
    fields.fail("hyperparameters", "`learn.sac.target_entropy` is not a number");
  return values;
}

// --- environments ---

// An output of the reset program.
Output output_of(const InstructionProgram& program, const std::string& name, TomlFields& fields,
                 std::string_view key) {
  const Output* output = program.find(name);
  if (output == nullptr) fields.fail(key, "the program `reset` has no output `" + name.substr(0, 80) + "`");
  return output == nullptr ? Output{} : *output;
}

ResetPlan read_reset(TomlFields& fields, const InstructionProgram& program) {
  ResetPlan reset;
  const std::string signal = fields.text("signal");
  const auto kind = find_signal(signal);
  if (!kind) fields.fail("signal", "there is no signal `" + signal.substr(0, 40) + "`");
  reset.target.kind = kind.value_or(SignalKind::qpos);
  reset.target.name = fields.text_or_empty("name");
  reset.target.length = static_cast<std::uint32_t>(fields.integer("length", 1, most_numbers));
  reset.offset = static_cast<std::uint32_t>(fields.integer("offset", 0, most_numbers));
  reset.add = fields.boolean("add");
  reset.value = output_of(program, fields.text("value"), fields, "value");
  fields.done();
  return reset;
}

EnvironmentPlan read_environment(TomlFields fields) {
  EnvironmentPlan environment;
  environment.world = fields.text("world");
  environment.scene = fields.text_or_empty("scene");
  environment.model_hash = fields.text("model_hash");
  environment.horizon = fields.integer("horizon", 1, most_steps);
  environment.observation_size = static_cast<int>(fields.integer("observation_size", 1, most_numbers));
  environment.observation_names = fields.texts("observation_names");
  if (fields.has("observation_units"))  // older plans have none
    environment.observation_units = fields.texts("observation_units");
  environment.reset = read_program(fields, "reset");
  environment.step = read_program(fields, "step");
  for (const std::string& sample : fields.texts("samples")) {
    environment.samples.push_back(output_of(environment.reset, "sample." + sample, fields, "samples"));
    environment.samples.back().name = sample;
  }
  fields.each_table("resets", [&](TomlFields& reset) {
    environment.resets.push_back(read_reset(reset, environment.reset));
  });
  fields.each_table("reward_terms", [&](TomlFields& term) {
    environment.reward_terms.push_back({term.text("name"), term.number("weight")});
    term.done();
  });
  if (fields.has("part_rewards")) environment.part_rewards = fields.texts("part_rewards");
  fields.each_table("measures", [&](TomlFields& measure) {
    const std::string name = measure.text("name");
    environment.measures.push_back({name, read_enumeration<MeasurePlan::Over>(measure, "over", over_words)});
    measure.done();
  });
  environment.robot = read_robot(fields.table("robot"));
  fields.done();
  return environment;
}

// --- skills ---

constexpr Words<3> algorithm_words = {{"sac", "sql", "extraction"}};
constexpr Words<3> policy_words = {{"gaussian", "flow", "sampler"}};
constexpr Words<2> latent_words = {{"step", "episode"}};
constexpr Words<2> prior_words = {{"uniform", "gaussian"}};

template <typename Known>
std::string known_word(TomlFields& fields, std::string_view key, const Known& words) {
  return std::string(words[fields.word(key, words)]);
}

LayerPlan read_layer(TomlFields& fields) {
  const auto value = [&]<typename T>(T& into, std::string_view key) {
    const SettingValue fitting = fitting_value(fields, key, *find_setting("policy.flow." + std::string(key)));
    if (const T* known = std::get_if<T>(&fitting)) into = *known;
  };
  LayerPlan layer;
  value(layer.embedding, "embedding");
  value(layer.couplings, "couplings");
  value(layer.units, "units");
  return layer;
}

SkillPlan read_skill(TomlFields& fields) {
  SkillPlan skill;
  skill.name = fields.text("name");
  if (fields.has("aliases")) skill.aliases = fields.texts("aliases");
  skill.kind = read_enumeration<SkillPlan::Kind>(fields, "kind", skill_kind_words);
  skill.algorithm = known_word(fields, "algorithm", algorithm_words);
  skill.policy.kind = known_word(fields, "policy", policy_words);
  if (skill.kind == SkillPlan::Kind::imported && fields.has("layers"))
    fields.each_table("layers", [&](TomlFields& layer) { skill.policy.below.push_back(read_layer(layer)); });
  skill.over = fields.text_or_empty("over");
  if (fields.has("parts")) skill.parts = fields.texts("parts");
  skill.composition = fields.text_or_empty("composition");
  skill.from = fields.text_or_empty("from");
  skill.imported_name = fields.text_or_empty("imported_name");
  skill.checkpoint = fields.text_or_empty("checkpoint");
  skill.start_from = fields.text_or_empty("start_from");
  skill.hold = fields.integer("hold", 1, most_steps);
  skill.latent = known_word(fields, "latent", latent_words);
  skill.prior = known_word(fields, "prior", prior_words);
  skill.hash = fields.text("hash");
  skill.hyperparameters = read_skill_values(fields, skill);
  skill.environment = read_environment(fields.table("environment"));
  fields.done();
  resolve_settings(skill);
  return skill;
}

Plan read_plan(const toml::table& document, FirstError& error) {
  Plan plan;
  TomlFields fields(document, "", error);
  plan.version = static_cast<int>(fields.integer("version", 1, std::numeric_limits<int>::max()));
  if (!error && plan.version != plan_version)
    error.set("it is a plan of version " + std::to_string(plan.version) + ", and this Motet reads version " +
              std::to_string(plan_version));
  plan.program = fields.text("program");
  plan.program_hash = fields.text("program_hash");
  plan.run_settings = read_hyperparameters(fields, "run", [](const Hyperparameters&) {
    return std::vector<std::string_view>{"backend", "device", "output", "seed", "threads"};
  });
  plan.run = run_settings(plan.run_settings);
  if (fields.has("stage"))
    fields.each_table("stage", [&](TomlFields& stage) {
      plan.stages.push_back({stage.texts("skills")});
      stage.done();
    });
  if (fields.has("skill"))
    fields.each_table("skill", [&](TomlFields& skill) { plan.skills.push_back(read_skill(skill)); });
  resolve_layers(plan);
  fields.done();
  return plan;
}

}  // namespace

Result<Plan> plan_from_toml(std::string_view text, std::string_view path) {
  const auto refuse = [&](const std::string& why) {
    return Error{"`" + std::string(path) + "` cannot be read as a plan: " + why};
  };
  if (text.size() > plan_text_limit) return refuse("it is larger than 64 MiB");
  const auto parsed = parse_toml(text);
  if (const TomlError* error = std::get_if<TomlError>(&parsed))
    return refuse("line " + std::to_string(error->line) + ": " + error->message);
  FirstError error;
  Plan plan = read_plan(std::get<toml::table>(parsed), error);
  if (!error) validate(plan, error);
  if (error) return refuse(error.message());
  return plan;
}

}  // namespace motet
