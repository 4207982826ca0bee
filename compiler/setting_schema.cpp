#include "compiler/setting_schema.h"

#include <algorithm>

namespace motet {

namespace {

using Type = SettingSchema::Type;
using Layers = std::vector<std::int64_t>;

constexpr double most_steps = 1e12;
constexpr double most_replay = 1e9;
constexpr double most_units = 65536;

std::vector<SettingSchema> run_schemas() {
  return {
      {"seed", Type::integer, std::int64_t{1}, 0, 9007199254740991, "the field",
       "where every random number starts"},
      {"threads", Type::integer, std::int64_t{0}, 0, 1024, "the field",
       "threads that compute and simulate; 0 is one a core"},
      {"device", Type::text, "cpu", 0, 0, "the field", "where the networks are trained", {"cpu", "cuda"}},
      {"backend",
       Type::text,
       "native",
       0,
       0,
       "the field",
       "what computes the updates; on another device than the CPU it is torch",
       {"native", "torch"}},
      {"output", Type::text, "runs", 0, 0, "the field", "the folder in which run folders are made"},
      {"train.eval_interval", Type::integer, std::int64_t{5000}, 1, most_steps, "the field",
       "environment steps between evaluations"},
      {"train.eval_episodes", Type::integer, std::int64_t{10}, 1, 100'000, "the field",
       "episodes of an evaluation"},
      {"train.checkpoint_interval", Type::integer, std::int64_t{5000}, 1, most_steps, "the field",
       "environment steps between checkpoints"},
      {"train.worlds", Type::integer, std::int64_t{1}, 1, 1024, "the field",
       "copies of the world that step in parallel"},
      {"train.ahead", Type::integer, std::int64_t{0}, 0, 10'000, "the field",
       "steps that acting may be ahead of learning; 0 is the order of the algorithm"},
  };
}

// Soft actor-critic. Where the policy is a flow, the thesis has other numbers (Table C.3).
std::vector<SettingSchema> sac_schemas() {
  return {
      {"learn.sac.steps", Type::integer, std::int64_t{1'000'000}, 1, most_steps, "the field",
       "environment steps"},
      {"learn.sac.batch",
       Type::integer,
       std::int64_t{256},
       1,
       1 << 20,
       "Table C.1",
       "transitions of a minibatch",
       {},
       std::int64_t{128},
       "Table C.3"},
      {"learn.sac.learning_rate",
       Type::number,
       3e-4,
       1e-12,
       10,
       "Table C.1",
       "Adam's, of all networks and the temperature",
       {},
       3e-4,
       "Table C.3"},
      {"learn.sac.discount",
       Type::number,
       0.99,
       0,
       1,
       "Table C.1",
       "γ, a control step",
       {},
       0.99,
       "Table C.3"},
      {"learn.sac.replay",
       Type::integer,
       std::int64_t{1'000'000},
       1,
       most_replay,
       "Table C.1",
       "transitions that are kept",
       {},
       std::int64_t{1'000'000},
       "Table C.3"},
      {"learn.sac.warmup", Type::integer, std::int64_t{1000}, 0, most_steps, "App. C.4",
       "environment steps acted at random before learning starts"},
      {"learn.sac.tau",
       Type::number,
       0.005,
       1e-12,
       1,
       "Table C.1",
       "τ, smoothing of the target, an update",
       {},
       0.01,
       "Table C.3"},
      {"learn.sac.target_interval", Type::integer, std::int64_t{1}, 1, most_steps, "Table C.1",
       "updates between updates of the target"},
      {"learn.sac.gradient_steps", Type::integer, std::int64_t{1}, 1, 1000, "Table C.1",
       "updates an environment step"},
      {"learn.sac.reward_scale", Type::number, 1.0, 1e-12, 1e12, "Ch. 5",
       "factor of the reward; 1, as the temperature is learnt"},
      {"learn.sac.hidden",
       Type::integers,
       Layers{256, 256},
       1,
       most_units,
       "Table C.1",
       "units of the critics' hidden layers",
       {},
       Layers{128, 128},
       "Table C.3"},
      {"learn.sac.temperature",
       Type::temperature,
       "auto",
       0,
       1e12,
       "Eq. 5.8",
       "α, reward a nat; auto: learnt for the target entropy",
       {"auto"}},
      {"learn.sac.initial_temperature", Type::number, 1.0, 1e-12, 1e12, "the field",
       "α where the learnt one starts"},
      {"learn.sac.target_entropy",
       Type::number,
       "auto",
       -1e6,
       1e6,
       "Sec. 5.3",
       "nats; auto: -1 an action dimension",
       {"auto"}},
  };
}

std::vector<SettingSchema> sql_schemas() {
  return {
      {"learn.sql.steps", Type::integer, std::int64_t{5'000'000}, 1, most_steps, "App. C.1",
       "environment steps"},
      {"learn.sql.batch", Type::integer, std::int64_t{64}, 1, 1 << 20, "App. C.1",
       "transitions of a minibatch"},
      {"learn.sql.critic_learning_rate", Type::number, 1e-3, 1e-12, 10, "App. C.1",
       "Adam's, of the soft Q-function"},
      {"learn.sql.policy_learning_rate", Type::number, 1e-4, 1e-12, 10, "App. C.1", "Adam's, of the sampler"},
      {"learn.sql.discount", Type::number, 0.99, 0, 1, "the field", "γ, a control step"},
      {"learn.sql.replay", Type::integer, std::int64_t{1'000'000}, 1, most_replay, "App. C.1",
       "transitions that are kept"},
      {"learn.sql.warmup", Type::integer, std::int64_t{10'000}, 0, most_steps, "App. C.1",
       "transitions collected before learning starts"},
      {"learn.sql.hidden", Type::integers, Layers{200, 200}, 1, most_units, "App. C.1",
       "units of the soft Q-function's hidden layers"},
      {"learn.sql.critics", Type::integer, std::int64_t{1}, 1, 2, "App. C.1",
       "soft Q-functions; of two, the smaller one counts (Sec. 4.2)"},
      {"learn.sql.tau", Type::number, 1.0, 1e-12, 1, "App. C.1", "τ, smoothing of the target; 1: copied"},
      {"learn.sql.target_interval", Type::integer, std::int64_t{1000}, 1, most_steps, "App. C.1",
       "updates between updates of the target"},
      {"learn.sql.gradient_steps", Type::integer, std::int64_t{1}, 1, 1000, "App. C.1",
       "updates an environment step"},
      {"learn.sql.particles", Type::integer, std::int64_t{32}, 2, 4096, "App. C.1",
       "K = M, actions a state in the Stein gradient (Eq. 3.11)"},
      {"learn.sql.value_samples", Type::integer, std::int64_t{50}, 1, 65536, "App. C.1",
       "K_V, actions in the soft value (Eq. 3.8)"},
      {"learn.sql.value_proposal",
       Type::text,
       "fixed",
       0,
       0,
       "Eq. 3.8",
       "what those are drawn from: their prior, or adaptive: the policy, where it has a density",
       {"fixed", "adaptive"}},
      {"learn.sql.temperature", Type::temperature, 0.1, 1e-9, 1e12, "App. C.1", "α, reward a nat"},
      {"learn.sql.reward_scale", Type::number, 1.0, 1e-12, 1e12, "the field", "factor of the reward"},
      {"learn.sql.noise_reversion", Type::number, 0.15, 0, 1, "App. C.1",
       "θ of the Ornstein-Uhlenbeck noise on actions, a step"},
      {"learn.sql.noise_scale", Type::number, 0.3, 0, 10, "App. C.1",
       "σ of the Ornstein-Uhlenbeck noise; 0: none"},
      {"learn.sql.noise_set", Type::integer, std::int64_t{0}, 0, 1 << 20, "App. C.1",
       "K_ξ, the policy's noise is one of so many vectors; 0: drawn anew"},
      {"learn.sql.noise_set_steps", Type::integer, std::int64_t{0}, 0, most_steps, "App. C.1",
       "environment steps in which K_ξ falls to 1; 0: it stays"},
  };
}

std::vector<SettingSchema> extraction_schemas() {
  return {
      {"learn.extraction.steps", Type::integer, std::int64_t{10'000}, 1, most_steps, "the field",
       "updates of the policy; no environment steps"},
      {"learn.extraction.batch", Type::integer, std::int64_t{128}, 1, 1 << 20, "the field",
       "states of a minibatch, of those that the parts have seen"},
      {"learn.extraction.learning_rate", Type::number, 1e-3, 1e-12, 10, "the field", "Adam's, of the policy"},
      {"learn.extraction.particles", Type::integer, std::int64_t{32}, 2, 4096, "App. C.1",
       "K = M, actions a state in the Stein gradient (Eq. 3.11)"},
      {"learn.extraction.temperature", Type::number, 0.0, 0, 1e12, "Eq. 6.2",
       "α of the composed policy, reward a nat; 0: as its parts'"},
  };
}

std::vector<SettingSchema> policy_schemas() {
  return {
      {"policy.gaussian.hidden", Type::integers, Layers{256, 256}, 1, most_units, "Table C.1",
       "units of the policy's hidden layers"},
      {"policy.flow.couplings", Type::integer, std::int64_t{2}, 1, 64, "Table C.3", "coupling layers"},
      {"policy.flow.embedding", Type::integers, Layers{128, 128}, 1, most_units, "Table C.3",
       "units of the hidden layers of the observation's embedding"},
      {"policy.flow.units", Type::integer, std::int64_t{64}, 1, most_units, "the field",
       "hidden units of a coupling"},
      {"policy.sampler.hidden", Type::integers, Layers{200, 200}, 1, most_units, "App. C.1",
       "units of the sampler's hidden layers"},
  };
}

std::vector<SettingSchema> all_schemas() {
  std::vector<SettingSchema> all;
  for (auto part : {run_schemas(), sac_schemas(), sql_schemas(), extraction_schemas(), policy_schemas()})
    std::move(part.begin(), part.end(), std::back_inserter(all));
  return all;
}

}  // namespace

const std::vector<SettingSchema>& setting_schemas() {
  static const std::vector<SettingSchema> schemas = all_schemas();
  return schemas;
}

const SettingSchema* find_setting(std::string_view key) {
  for (const SettingSchema& schema : setting_schemas())
    if (schema.key == key) return &schema;
  return nullptr;
}

namespace {

std::string_view last_part(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

}  // namespace

std::vector<std::string> similar_settings(std::string_view key) {
  std::vector<std::string> keys, last_parts, same, below;
  for (const SettingSchema& schema : setting_schemas()) {
    keys.emplace_back(schema.key);
    last_parts.emplace_back(last_part(schema.key));
    if (schema.key.ends_with("." + std::string(key))) below.emplace_back(schema.key);
    if (last_parts.back() == last_part(key)) same.emplace_back(schema.key);
  }
  if (!below.empty()) return below;
  // One slip in a full key is likelier than the same last part elsewhere.
  if (const auto near = nearest(key, keys)) return {*near};
  if (!same.empty()) return same;
  if (const auto near = nearest(last_part(key), last_parts))
    for (const std::string& known : keys)
      if (last_part(known) == *near) same.push_back(known);
  return same;
}

}  // namespace motet
