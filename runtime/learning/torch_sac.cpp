#include "runtime/learning/torch_sac.h"

#include "runtime/learning/losses.h"
#include "runtime/learning/torch_learner.h"
#include "runtime/policy/density_policy.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

class TorchSac : public TorchLearner {
 public:
  TorchSac(LearnerState& state, const torch::Device& device, bool mirrored)
      : TorchLearner(state, device, mirrored),
        policy_network_(policy_shapes(state.shape.policy_shape()), policy_.values, policy_.gradient),
        critics_(state.critic_sizes, critic_.values, critic_.gradient),
        targets_(state.critic_sizes, target_, torch::zeros_like(target_)) {}

  UpdateStatistics update(const UpdateBatch& batch) override;

 private:
  double update_critics(const BatchTensors& batch, const UpdateBatch& settings);
  void update_policy(const BatchTensors& batch, UpdateStatistics& statistics);

  PolicySample sample(const torch::Tensor& observation, const torch::Tensor& noise) const {
    return density_sample(state_.shape.policy_shape(), policy_network_.parameters(), observation, noise);
  }

  ParameterBuffer policy_network_;
  QFunctions critics_, targets_;
};

UpdateStatistics TorchSac::update(const UpdateBatch& batch) {
  FlushTorchDenormals flush;
  BatchTensors tensors = read(batch);
  tensors.next_noise = tensors.next_noise.squeeze(1);
  tensors.noise = tensors.noise.squeeze(1);
  UpdateStatistics statistics;
  statistics.temperature = batch.temperature;
  statistics.critic_loss = update_critics(tensors, batch);
  update_policy(tensors, statistics);
  publish_policy();
  return statistics;
}

double TorchSac::update_critics(const BatchTensors& batch, const UpdateBatch& settings) {
  torch::Tensor goal;
  {
    torch::NoGradGuard no_gradient;
    const PolicySample next = sample(batch.next_observation, batch.next_noise);
    const torch::Tensor next_q = targets_.frozen(batch.next_observation, next.action);
    goal = soft_bellman_target(batch.reward, batch.terminated, next_q, next.log_prob, settings.temperature,
                               state_.settings.discount, state_.settings.reward_scale);
  }
  const torch::Tensor loss = critic_loss(critics_(batch.observation, batch.action), goal);
  critics_.buffer().zero_gradient();
  loss.backward();
  step(state_.critic, critic_);
  if (settings.update_target) move_target();
  return loss.item<double>();
}

void TorchSac::update_policy(const BatchTensors& batch, UpdateStatistics& statistics) {
  const double alpha = statistics.temperature;
  const PolicySample drawn = sample(batch.observation, batch.noise);
  const torch::Tensor q = critics_.frozen(batch.observation, drawn.action);
  const torch::Tensor loss = actor_loss(drawn.log_prob, q, alpha);
  policy_network_.zero_gradient();
  loss.backward();
  step(state_.policy, policy_);
  statistics.actor_loss = loss.item<double>();
  statistics.entropy = -drawn.log_prob.detach().mean().item<double>();
  statistics.q = -alpha * statistics.entropy - statistics.actor_loss;  // J_pi = alpha log pi - Q
}

}  // namespace

std::unique_ptr<LearnerBackend> make_torch_sac(LearnerState& state, const TorchOptions& options) {
  return std::make_unique<TorchSac>(state, torch::Device(options.device), options.mirrored);
}

}  // namespace motet
