#include "runtime/learning/sac_state.h"

#include <algorithm>

#include "runtime/learning/streams.h"

namespace motet {

SacState::SacState(const SacShape& networks, const SacSettings& all_settings, std::uint64_t seed)
    : shape(networks),
      settings(all_settings),
      policy_sizes(mlp_sizes(shape.observation_size, shape.policy_hidden, 2 * shape.action_size)),
      critic_sizes(mlp_sizes(shape.observation_size + shape.action_size, settings.hidden, 1)),
      policy(mlp_parameters(policy_sizes), {.learning_rate = settings.learning_rate}),
      critic(2 * mlp_parameters(critic_sizes), {.learning_rate = settings.learning_rate}),
      target(critic.values().size()) {
  Random random(seed, stream_networks);
  initialize_mlp(policy_sizes, policy.values(), random);
  initialize_mlp(critic_sizes, critic_values(0), random);
  initialize_mlp(critic_sizes, critic_values(1), random);
  std::copy(critic.values().begin(), critic.values().end(), target.values().begin());
}

bool SacState::finite() const {
  return policy.finite() && critic.finite() && all_finite(target.values());
}

void SacState::save(Archive& archive) const {
  policy.save(archive, "policy");
  critic.save(archive, "critic");
  archive.put<float>("target/parameters", target.values());
}

Status SacState::restore(const Archive& archive) {
  if (Status status = policy.restore(archive, "policy"); !status) return status;
  if (Status status = critic.restore(archive, "critic"); !status) return status;
  return archive.get<float>("target/parameters", target.values());
}

}  // namespace motet
