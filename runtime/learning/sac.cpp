#include "runtime/learning/sac.h"

#include <cmath>

#include "runtime/learning/losses.h"
#include "runtime/learning/streams.h"
#include "runtime/learning/temperature.h"
#include "runtime/policy/adam.h"
#include "runtime/policy/gaussian_actor.h"
#include "runtime/policy/gaussian_policy.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

// Moments that decay towards zero become denormal numbers, which cost hundreds of cycles each: they
// are taken for zero during an update, and nowhere else.
class FlushDenormals {
 public:
  FlushDenormals() { at::globalContext().setFlushDenormal(true); }
  ~FlushDenormals() { at::globalContext().setFlushDenormal(false); }
};

// A tensor that reads `values` where they lie.
torch::Tensor wrap(std::span<const float> values, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat);
}

struct BatchTensors {
  explicit BatchTensors(const TransitionBatch& batch)
      : observation(wrap(batch.observation, {batch.size, batch.observation_size})),
        action(wrap(batch.action, {batch.size, batch.action_size})),
        reward(wrap(batch.reward, {batch.size})),
        next_observation(wrap(batch.next_observation, {batch.size, batch.observation_size})),
        terminated(wrap(batch.terminated, {batch.size})) {}

  torch::Tensor observation, action, reward, next_observation, terminated;
};

}  // namespace

struct SoftActorCritic::State {
  State(const Shape& networks, const SacSettings& all_settings, std::uint64_t seed)
      : settings(all_settings),
        shape(networks),
        initial(seed, stream_networks),
        random(seed, stream_updates),
        policy(shape.observation_size, shape.action_size, shape.policy_hidden, torch::kFloat, initial),
        critic(shape.observation_size, shape.action_size, settings.hidden, torch::kFloat, initial),
        target(shape.observation_size, shape.action_size, settings.hidden, torch::kFloat, initial),
        policy_optimizer(policy.buffer(), {.learning_rate = settings.learning_rate}),
        critic_optimizer(critic.buffer(), {.learning_rate = settings.learning_rate}),
        inference(policy.sizes(), flat<float>(policy.buffer().values())),
        temperature(settings.temperature, settings.target_entropy, settings.learning_rate),
        noise(torch::empty({settings.batch, shape.action_size})) {
    update_target(target.buffer(), critic.buffer(), 1);
  }

  const torch::Tensor& draw_noise(std::int64_t batch) {
    if (noise.size(0) != batch) noise = torch::empty({batch, shape.action_size});
    random.fill_normal(flat<float>(noise));
    return noise;
  }

  double update_critics(const BatchTensors& batch, double alpha);
  void update_policy(const BatchTensors& batch, double alpha, UpdateStatistics& statistics);

  SacSettings settings;
  Shape shape;
  Random initial, random;
  GaussianPolicy policy;
  TwinQFunction critic, target;
  Adam policy_optimizer, critic_optimizer;
  GaussianInference inference;  // reads the policy's buffer
  TemperatureSchedule temperature;
  torch::Tensor noise;  // [B, m]
  std::int64_t updates = 0;
};

double SoftActorCritic::State::update_critics(const BatchTensors& batch, double alpha) {
  torch::Tensor goal;
  {
    torch::NoGradGuard no_gradient;
    const PolicySample next = policy.sample(batch.next_observation, draw_noise(batch.reward.size(0)));
    const torch::Tensor next_q = target.frozen(batch.next_observation, next.action);
    goal = soft_bellman_target(batch.reward, batch.terminated, next_q, next.log_prob, alpha,
                               settings.discount, settings.reward_scale);
  }
  const torch::Tensor loss = critic_loss(critic(batch.observation, batch.action), goal);
  critic.buffer().zero_gradient();
  loss.backward();
  critic_optimizer.step();
  return loss.item<double>();
}

void SoftActorCritic::State::update_policy(const BatchTensors& batch, double alpha,
                                           UpdateStatistics& statistics) {
  const PolicySample sample = policy.sample(batch.observation, draw_noise(batch.reward.size(0)));
  const torch::Tensor q = critic.frozen(batch.observation, sample.action);
  const torch::Tensor loss = actor_loss(sample.log_prob, q, alpha);
  policy.buffer().zero_gradient();
  loss.backward();
  policy_optimizer.step();
  statistics.actor_loss = loss.item<double>();
  statistics.entropy = -sample.log_prob.detach().mean().item<double>();
  statistics.q = -alpha * statistics.entropy - statistics.actor_loss;  // J_pi = alpha log pi - Q
}

SoftActorCritic::SoftActorCritic(const Shape& shape, const SacSettings& settings, std::uint64_t seed)
    : state_(std::make_unique<State>(shape, settings, seed)) {}

SoftActorCritic::~SoftActorCritic() = default;

UpdateStatistics SoftActorCritic::update(const TransitionBatch& batch, std::int64_t step) {
  FlushDenormals flush;
  State& state = *state_;
  const BatchTensors tensors(batch);
  UpdateStatistics statistics;
  statistics.temperature = state.temperature.value(step);
  statistics.critic_loss = state.update_critics(tensors, statistics.temperature);
  state.update_policy(tensors, statistics.temperature, statistics);
  state.temperature.update(statistics.entropy);
  ++state.updates;
  if (state.updates % state.settings.target_interval == 0) {
    update_target(state.target.buffer(), state.critic.buffer(), state.settings.tau);
  }
  return statistics;
}

std::int64_t SoftActorCritic::updates() const {
  return state_->updates;
}

double SoftActorCritic::temperature(std::int64_t step) const {
  return state_->temperature.value(step);
}

void SoftActorCritic::sample(std::span<const float> observation, Random& random, std::span<float> action) {
  state_->inference.sample(observation, random, action);
}

void SoftActorCritic::mean(std::span<const float> observation, std::span<float> action) {
  state_->inference.mean(observation, action);
}

std::vector<float> SoftActorCritic::q_values(std::span<const float> observations,
                                             std::span<const float> actions) const {
  torch::NoGradGuard no_gradient;
  const std::int64_t n = state_->shape.observation_size, m = state_->shape.action_size;
  const std::int64_t batch = static_cast<std::int64_t>(actions.size()) / m;
  const torch::Tensor q =
      state_->critic.frozen(wrap(observations, {batch, n}), wrap(actions, {batch, m})).contiguous();
  return {q.data_ptr<float>(), q.data_ptr<float>() + q.numel()};
}

std::vector<float> SoftActorCritic::policy_heads(std::span<const float> observations) const {
  torch::NoGradGuard no_gradient;
  const std::int64_t n = state_->shape.observation_size;
  const GaussianHead head =
      state_->policy.head(wrap(observations, {static_cast<std::int64_t>(observations.size()) / n, n}));
  const torch::Tensor both = torch::cat({head.mean, head.log_sigma}, 1).contiguous();
  return {both.data_ptr<float>(), both.data_ptr<float>() + both.numel()};
}

bool SoftActorCritic::finite() const {
  return state_->policy.buffer().finite() && state_->critic.buffer().finite() &&
         state_->target.buffer().finite() && std::isfinite(state_->temperature.value(0));
}

void SoftActorCritic::save(Archive& archive) const {
  const State& state = *state_;
  state.policy.buffer().save(archive, "policy/parameters");
  state.critic.buffer().save(archive, "critic/parameters");
  state.target.buffer().save(archive, "target/parameters");
  state.policy_optimizer.save(archive, "policy/adam");
  state.critic_optimizer.save(archive, "critic/adam");
  state.temperature.save(archive, "temperature");
  archive.put_value("updates/random", state.random.state());
  archive.put_value("updates/count", state.updates);
}

Status SoftActorCritic::restore(const Archive& archive) {
  State& state = *state_;
  Random::State random{};
  const Status all[] = {state.policy.buffer().restore(archive, "policy/parameters"),
                        state.critic.buffer().restore(archive, "critic/parameters"),
                        state.target.buffer().restore(archive, "target/parameters"),
                        state.policy_optimizer.restore(archive, "policy/adam"),
                        state.critic_optimizer.restore(archive, "critic/adam"),
                        state.temperature.restore(archive, "temperature"),
                        archive.get_value("updates/random", random),
                        archive.get_value("updates/count", state.updates)};
  for (const Status& status : all) {
    if (!status) return status;
  }
  state.random.restore(random);
  return {};
}

}  // namespace motet
