#include "runtime/learning/torch_sql.h"

#include "runtime/learning/losses.h"
#include "runtime/learning/soft_value.h"
#include "runtime/learning/stein.h"
#include "runtime/learning/torch_learner.h"
#include "runtime/policy/density_policy.h"
#include "runtime/policy/mlp.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

class TorchSql : public TorchLearner {
 public:
  TorchSql(LearnerState& state, const torch::Device& device, bool mirrored)
      : TorchLearner(state, device, mirrored),
        policy_network_(policy_shapes(state.shape.policy_shape()), policy_.values, policy_.gradient),
        critics_(state.critic_sizes, critic_.values, critic_.gradient),
        targets_(state.critic_sizes, target_, torch::zeros_like(target_)) {}

  UpdateStatistics update(const UpdateBatch& batch) override;

 private:
  void update_critic(const BatchTensors& batch, const UpdateBatch& settings, UpdateStatistics& statistics);
  torch::Tensor sampler_loss(const BatchTensors& batch, UpdateStatistics& statistics);
  torch::Tensor density_loss(const BatchTensors& batch, UpdateStatistics& statistics);

  ParameterBuffer policy_network_;
  QFunctions critics_, targets_;
};

// The smallest of q [critics, B].
torch::Tensor smallest(const torch::Tensor& q) {
  return std::get<0>(q.min(0));
}

// Each row so many times, [B, n] -> [B * count, n].
torch::Tensor repeated(const torch::Tensor& rows, std::int64_t count) {
  return rows.repeat_interleave(count, 0);
}

UpdateStatistics TorchSql::update(const UpdateBatch& batch) {
  FlushTorchDenormals flush;
  const BatchTensors tensors = read(batch);
  UpdateStatistics statistics;
  statistics.temperature = batch.temperature;
  update_critic(tensors, batch, statistics);
  const torch::Tensor loss = state_.shape.policy == PolicyKind::sampler ? sampler_loss(tensors, statistics)
                                                                        : density_loss(tensors, statistics);
  policy_network_.zero_gradient();
  loss.backward();
  step(state_.policy, policy_);
  publish_policy();
  return statistics;
}

void TorchSql::update_critic(const BatchTensors& batch, const UpdateBatch& settings,
                             UpdateStatistics& statistics) {
  const std::int64_t m = state_.shape.action_size, samples = state_.value_samples;
  torch::Tensor goal;
  {
    torch::NoGradGuard no_gradient;
    const torch::Tensor next = repeated(batch.next_observation, samples);
    torch::Tensor action = batch.next_noise.reshape({-1, m});
    torch::Tensor log_ratio = torch::zeros({next.size(0)}, next.options());  // log pi - log p
    if (state_.value_by_policy) {
      const PolicySample sample =
          density_sample(state_.shape.policy_shape(), policy_network_.frozen(), next, action);
      action = sample.action;
      log_ratio = sample.log_prob;
    }
    const torch::Tensor next_q =
        (smallest(targets_.frozen(next, action)) - settings.temperature * log_ratio).view({-1, samples});
    const torch::Tensor value = soft_value(next_q, settings.temperature, state_.log_volume);
    goal = state_.settings.reward_scale * batch.reward +
           state_.settings.discount * (1 - batch.terminated) * value;
    const torch::Tensor weights = torch::softmax(next_q / settings.temperature, 1);
    statistics.entropy =
        state_.value_by_policy
            ? -log_ratio.mean().item<double>()
            : ((value - (weights * next_q).sum(1)) / settings.temperature).mean().item<double>();
  }
  const torch::Tensor loss = critic_loss(critics_(batch.observation, batch.action), goal);
  critics_.buffer().zero_gradient();
  loss.backward();
  step(state_.critic, critic_);
  if (settings.update_target) move_target();
  statistics.critic_loss = loss.item<double>();
}

// A surrogate whose gradient is that of Eq. 3.12.
torch::Tensor TorchSql::sampler_loss(const BatchTensors& batch, UpdateStatistics& statistics) {
  const std::int64_t m = state_.shape.action_size, particles = state_.particles;
  const torch::Tensor observation = repeated(batch.observation, particles);
  const torch::Tensor noise = batch.noise.reshape({-1, m});
  const torch::Tensor u = noise + mlp(torch::cat({observation, noise}, 1), policy_network_.parameters());
  const torch::Tensor action = torch::tanh(u.detach()).requires_grad_();
  const torch::Tensor energy = smallest(critics_.frozen(observation, action)) / statistics.temperature;
  const torch::Tensor slope = torch::autograd::grad({energy.sum()}, {action})[0];
  torch::Tensor direction;
  {
    torch::NoGradGuard no_gradient;
    direction =
        stein_direction(u.view({-1, particles, m}), squashed_score(action, slope).view({-1, particles, m}));
    statistics.actor_loss = direction.square().sum(-1).mean().sqrt().item<double>();
    statistics.q = energy.mean().item<double>() * statistics.temperature;
  }
  return -(direction.view_as(u) * u).sum() / static_cast<double>(u.size(0));
}

torch::Tensor TorchSql::density_loss(const BatchTensors& batch, UpdateStatistics& statistics) {
  const PolicySample sample = density_sample(state_.shape.policy_shape(), policy_network_.parameters(),
                                             batch.observation, batch.noise.squeeze(1));
  const torch::Tensor energy =
      smallest(critics_.frozen(batch.observation, sample.action)) / statistics.temperature;
  const torch::Tensor loss = (sample.log_prob - energy).mean();
  statistics.actor_loss = loss.item<double>();
  statistics.q = energy.mean().item<double>() * statistics.temperature;
  return loss;
}

}  // namespace

std::unique_ptr<LearnerBackend> make_torch_sql(LearnerState& state, const TorchOptions& options) {
  return std::make_unique<TorchSql>(state, torch::Device(options.device), options.mirrored);
}

}  // namespace motet
