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

SacSettings sac_settings(const Hyperparameters& values) {
  SacSettings sac;
  take(values, "learn.sac.steps", sac.steps);
  take(values, "learn.sac.batch", sac.batch);
  take(values, "learn.sac.learning_rate", sac.learning_rate);
  take(values, "learn.sac.discount", sac.discount);
  take(values, "learn.sac.replay", sac.replay);
  take(values, "learn.sac.warmup", sac.warmup);
  take(values, "learn.sac.tau", sac.tau);
  take(values, "learn.sac.target_interval", sac.target_interval);
  take(values, "learn.sac.gradient_steps", sac.gradient_steps);
  take(values, "learn.sac.reward_scale", sac.reward_scale);
  take(values, "learn.sac.hidden", sac.hidden);
  if (const Hyperparameter* given = values.find("learn.sac.temperature"))
    sac.temperature = temperature_of(given->value);
  if (sac.temperature.learned) {
    take(values, "learn.sac.initial_temperature", sac.temperature.from);
    sac.temperature.to = sac.temperature.from;
  }
  take(values, "learn.sac.target_entropy", sac.target_entropy);
  return sac;
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

PolicyPlan policy_plan(std::string_view kind, const Hyperparameters& values) {
  PolicyPlan policy{.kind = std::string(kind)};
  const std::string layers = kind == "flow" ? "embedding" : "hidden";
  take(values, "policy." + policy.kind + "." + layers, policy.hidden);
  return policy;
}

}  // namespace motet
