#include "compiler/lower_settings.h"

#include <algorithm>

#include "compiler/setting_schema.h"

namespace motet {

std::vector<std::string_view> hyperparameter_keys(std::string_view algorithm, std::string_view policy_kind,
                                                  bool learned_temperature) {
  const std::string learn = "learn." + std::string(algorithm) + ".";
  const std::string policy = "policy." + std::string(policy_kind) + ".";
  std::vector<std::string_view> keys;
  for (const SettingSchema& schema : setting_schemas()) {
    const bool only_learned =
        schema.key == "learn.sac.initial_temperature" || schema.key == "learn.sac.target_entropy";
    if (only_learned && !learned_temperature) continue;
    if (schema.key.starts_with(learn) || schema.key.starts_with(policy) || schema.key.starts_with("train."))
      keys.push_back(schema.key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

namespace {

// Takes a value where there is one of the field's type.
template <typename T>
void take(const Hyperparameters& values, std::string_view key, T& field) {
  const Hyperparameter* given = values.find(key);
  if (given == nullptr) return;
  if (const T* value = std::get_if<T>(&given->value)) field = *value;
}

}  // namespace

namespace {

// What `learn.sac` and `learn.sql` have in common; `learn` ends with a dot.
void take_learning(const Hyperparameters& values, const std::string& learn, LearnSettings& settings) {
  take(values, learn + "steps", settings.steps);
  take(values, learn + "batch", settings.batch);
  take(values, learn + "discount", settings.discount);
  take(values, learn + "replay", settings.replay);
  take(values, learn + "warmup", settings.warmup);
  take(values, learn + "tau", settings.tau);
  take(values, learn + "target_interval", settings.target_interval);
  take(values, learn + "gradient_steps", settings.gradient_steps);
  take(values, learn + "reward_scale", settings.reward_scale);
  take(values, learn + "hidden", settings.hidden);
  if (const Hyperparameter* given = values.find(learn + "temperature"))
    settings.temperature = temperature_of(given->value);
}

}  // namespace

SacSettings sac_settings(const Hyperparameters& values) {
  SacSettings sac;
  take_learning(values, "learn.sac.", sac);
  take(values, "learn.sac.learning_rate", sac.learning_rate);
  if (sac.temperature.learned) {
    take(values, "learn.sac.initial_temperature", sac.temperature.from);
    sac.temperature.to = sac.temperature.from;
  }
  take(values, "learn.sac.target_entropy", sac.target_entropy);
  return sac;
}

SqlSettings sql_settings(const Hyperparameters& values) {
  SqlSettings sql;
  take_learning(values, "learn.sql.", sql);
  take(values, "learn.sql.critic_learning_rate", sql.critic_learning_rate);
  take(values, "learn.sql.policy_learning_rate", sql.policy_learning_rate);
  take(values, "learn.sql.critics", sql.critics);
  take(values, "learn.sql.particles", sql.particles);
  take(values, "learn.sql.value_samples", sql.value_samples);
  take(values, "learn.sql.value_proposal", sql.value_proposal);
  take(values, "learn.sql.noise_reversion", sql.noise_reversion);
  take(values, "learn.sql.noise_scale", sql.noise_scale);
  take(values, "learn.sql.noise_set", sql.noise_set);
  take(values, "learn.sql.noise_set_steps", sql.noise_set_steps);
  return sql;
}

ExtractionSettings extraction_settings(const Hyperparameters& values) {
  ExtractionSettings extraction;
  take(values, "learn.extraction.steps", extraction.steps);
  take(values, "learn.extraction.batch", extraction.batch);
  take(values, "learn.extraction.learning_rate", extraction.learning_rate);
  take(values, "learn.extraction.particles", extraction.particles);
  take(values, "learn.extraction.temperature", extraction.temperature);
  return extraction;
}

TrainSettings train_settings(const Hyperparameters& values) {
  TrainSettings train;
  take(values, "train.eval_interval", train.eval_interval);
  take(values, "train.eval_episodes", train.eval_episodes);
  take(values, "train.checkpoint_interval", train.checkpoint_interval);
  take(values, "train.worlds", train.worlds);
  take(values, "train.ahead", train.ahead);
  return train;
}

RunSettings run_settings(const Hyperparameters& values) {
  RunSettings run;
  take(values, "seed", run.seed);
  take(values, "threads", run.threads);
  take(values, "device", run.device);
  take(values, "backend", run.backend);
  take(values, "output", run.output);
  return run;
}

namespace {

// `hidden` of a flow: the layers of its embedding.
PolicyPlan policy_plan(const PolicyPlan& known, const Hyperparameters& values) {
  PolicyPlan policy{.kind = known.kind, .below = known.below};
  const std::string layers = policy.kind == "flow" ? "embedding" : "hidden";
  take(values, "policy." + policy.kind + "." + layers, policy.hidden);
  take(values, "policy.flow.couplings", policy.couplings);
  take(values, "policy.flow.units", policy.units);
  return policy;
}

}  // namespace

void resolve_settings(SkillPlan& skill) {
  skill.policy = policy_plan(skill.policy, skill.hyperparameters);
  if (skill.algorithm == "sac") skill.sac = sac_settings(skill.hyperparameters);
  if (skill.algorithm == "sql") skill.sql = sql_settings(skill.hyperparameters);
  if (skill.algorithm == "extraction") skill.extraction = extraction_settings(skill.hyperparameters);
  skill.train = train_settings(skill.hyperparameters);
}

}  // namespace motet
