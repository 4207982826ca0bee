#include "runtime/learning/learner_state.h"

#include <algorithm>

#include "runtime/learning/soft_value.h"
#include "runtime/learning/streams.h"

namespace motet {

LearnerState::LearnerState(const LearnerShape& networks, const LearnSettings& all_settings, std::size_t count,
                           double critic_rate, double policy_rate, std::uint64_t seed)
    : shape(networks),
      settings(all_settings),
      critics(count),
      critic_sizes(mlp_sizes(shape.observation_size + shape.action_size, settings.hidden, 1)),
      policy(shape.policy_shape().parameters(), {.learning_rate = policy_rate}),
      critic(static_cast<std::int64_t>(count) * mlp_parameters(critic_sizes), {.learning_rate = critic_rate}),
      target(critic.values().size()) {
  Random random(seed, stream_networks);
  initialize_policy(shape.policy_shape(), policy.values(), random);
  for (std::size_t i = 0; i < critics; ++i) initialize_mlp(critic_sizes, critic_values(i), random);
  std::copy(critic.values().begin(), critic.values().end(), target.values().begin());
}

LearnerState::LearnerState(const LearnerShape& networks, const SacSettings& sac, std::uint64_t seed)
    : LearnerState(networks, sac, 2, sac.learning_rate, sac.learning_rate, seed) {}

LearnerState::LearnerState(const LearnerShape& networks, const SqlSettings& sql, std::uint64_t seed)
    : LearnerState(networks, sql, static_cast<std::size_t>(sql.critics), sql.critic_learning_rate,
                   sql.policy_learning_rate, seed) {
  soft_q_learning = true;
  particles = shape.policy == PolicyKind::sampler ? sql.particles : 1;
  value_samples = sql.value_samples;
  value_by_policy = sql.value_proposal == "adaptive" && shape.policy != PolicyKind::sampler;
  log_volume = shape.bounded && !value_by_policy ? action_log_volume(shape.action_size) : 0;
}

bool LearnerState::finite() const {
  return policy.finite() && critic.finite() && all_finite(target.values());
}

void LearnerState::save(Archive& archive) const {
  policy.save(archive, "policy");
  critic.save(archive, "critic");
  archive.put<float>("target/parameters", target.values());
}

Status LearnerState::restore(const Archive& archive) {
  if (Status status = policy.restore(archive, "policy"); !status) return status;
  if (Status status = critic.restore(archive, "critic"); !status) return status;
  return archive.get<float>("target/parameters", target.values());
}

Status LearnerState::restore_networks(const Archive& archive) {
  if (Status status = archive.get<float>("policy/parameters", policy.values()); !status) return status;
  if (Status status = archive.get<float>("critic/parameters", critic.values()); !status) return status;
  return archive.get<float>("target/parameters", target.values());
}

}  // namespace motet
