#include "runtime/learning/torch_sac.h"

#include <torch/torch.h>

#include <algorithm>

#include "runtime/learning/losses.h"
#include "runtime/policy/gaussian_policy.h"
#include "runtime/policy/q_function.h"

namespace motet {
namespace {

// Moments that decay towards zero become denormal numbers, which cost hundreds of cycles each: they
// are taken for zero during an update, and nowhere else.
class FlushTorchDenormals {
 public:
  FlushTorchDenormals() { at::globalContext().setFlushDenormal(true); }
  ~FlushTorchDenormals() { at::globalContext().setFlushDenormal(false); }
};

// A tensor of the numbers where they lie.
torch::Tensor view(std::span<const float> values, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat);
}

torch::Tensor view(std::span<const float> values) {
  return view(values, {static_cast<std::int64_t>(values.size())});
}

struct BatchTensors {
  torch::Tensor observation, action, reward, next_observation, terminated, next_noise, noise;
};

class TorchSac : public SacBackend {
 public:
  TorchSac(SacState& state, const torch::Device& device, bool mirrored)
      : state_(state),
        device_(device),
        mirrored_(mirrored),
        policy_(state.policy_sizes, place(state.policy.values()), place(state.policy.gradient())),
        critic_(state.critic_sizes, place(state.critic.values()), place(state.critic.gradient())),
        target_(state.critic_sizes, place(state.target.values()),
                torch::zeros_like(critic_.buffer().values())),
        policy_moments_{place(state.policy.first()), place(state.policy.second())},
        critic_moments_{place(state.critic.first()), place(state.critic.second())},
        batch_(state.settings.batch, state.shape.observation_size, state.shape.action_size) {}

  UpdateStatistics update(const SacBatch& batch) override;
  void reload() override { exchange(false); }
  void store() override { exchange(true); }

 private:
  struct Moments {
    torch::Tensor first, second;
  };

  // The numbers themselves, or a copy of them on the device.
  torch::Tensor place(std::span<float> values) const {
    return mirrored_ ? view(values).to(device_, torch::kFloat, false, true) : view(values);
  }
  // Between the state and its copies.
  void exchange(bool to_state);
  BatchTensors read(const SacBatch& batch);
  void read_rows(const SacBatch& batch, BatchTensors& tensors);
  double update_critics(const BatchTensors& batch, const SacBatch& settings);
  void update_policy(const BatchTensors& batch, UpdateStatistics& statistics);
  void step(TrainedParameters& parameters, ParameterBuffer& buffer, Moments& moments);

  SacState& state_;
  torch::Device device_;
  bool mirrored_;
  GaussianPolicy policy_;
  TwinQFunction critic_, target_;
  Moments policy_moments_, critic_moments_;
  TransitionBatch batch_;
  torch::Tensor rows_;           // of the replay, on the device
  std::int64_t rows_added_ = 0;  // transitions of the replay that rows_ knows
};

void TorchSac::exchange(bool to_state) {
  if (!mirrored_) return;
  const std::pair<std::span<float>, torch::Tensor> all[] = {
      {state_.policy.values(), policy_.buffer().values()},
      {state_.policy.first(), policy_moments_.first},
      {state_.policy.second(), policy_moments_.second},
      {state_.critic.values(), critic_.buffer().values()},
      {state_.critic.first(), critic_moments_.first},
      {state_.critic.second(), critic_moments_.second},
      {state_.target.values(), target_.buffer().values()}};
  torch::NoGradGuard no_gradient;
  for (const auto& [host, device] : all) {
    if (to_state) {
      view(host).copy_(device);
    } else {
      torch::Tensor(device).copy_(view(host));
    }
  }
}

BatchTensors TorchSac::read(const SacBatch& batch) {
  const std::int64_t b = state_.settings.batch, n = state_.shape.observation_size,
                     m = state_.shape.action_size;
  BatchTensors tensors;
  if (mirrored_) {
    read_rows(batch, tensors);
  } else {
    batch.replay->gather(batch.slots, batch_);
    tensors = {view(batch_.observation, {b, n}),
               view(batch_.action, {b, m}),
               view(batch_.reward),
               view(batch_.next_observation, {b, n}),
               view(batch_.terminated),
               {},
               {}};
  }
  tensors.next_noise = view(batch.next_noise, {b, m}).to(device_);
  tensors.noise = view(batch.noise, {b, m}).to(device_);
  return tensors;
}

// The replay's copy on the device: what has been added since the last update goes there, and the batch
// is gathered there.
void TorchSac::read_rows(const SacBatch& batch, BatchTensors& tensors) {
  const ReplayBuffer& replay = *batch.replay;
  const std::int64_t n = state_.shape.observation_size, m = state_.shape.action_size;
  if (!rows_.defined() || rows_.size(0) != replay.capacity() || rows_added_ > replay.added()) {
    rows_ = torch::empty({replay.capacity(), replay.row_size()}, torch::dtype(torch::kFloat).device(device_));
    rows_added_ = 0;
  }
  std::int64_t i = std::max(rows_added_, replay.added() - replay.size());
  while (i < replay.added()) {  // in stretches that do not wrap around
    const std::int64_t slot = i % replay.capacity();
    const std::int64_t count = std::min(replay.added() - i, replay.capacity() - slot);
    rows_.narrow(0, slot, count)
        .copy_(view({replay.row(i).data(), static_cast<std::size_t>(count * replay.row_size())},
                    {count, replay.row_size()}));
    i += count;
  }
  rows_added_ = replay.added();
  const torch::Tensor slots = torch::from_blob(const_cast<std::int64_t*>(batch.slots.data()),
                                               {static_cast<std::int64_t>(batch.slots.size())}, torch::kLong)
                                  .to(device_);
  const torch::Tensor rows = rows_.index_select(0, slots);
  tensors.observation = rows.narrow(1, 0, n);
  tensors.action = rows.narrow(1, n, m);
  tensors.next_observation = rows.narrow(1, n + m, n);
  tensors.reward = rows.select(1, 2 * n + m);
  tensors.terminated = rows.select(1, 2 * n + m + 1);
}

UpdateStatistics TorchSac::update(const SacBatch& batch) {
  FlushTorchDenormals flush;
  const BatchTensors tensors = read(batch);
  UpdateStatistics statistics;
  statistics.temperature = batch.temperature;
  statistics.critic_loss = update_critics(tensors, batch);
  update_policy(tensors, statistics);
  // Actions are chosen on the CPU.
  if (mirrored_) view(state_.policy.values()).copy_(policy_.buffer().values());
  return statistics;
}

double TorchSac::update_critics(const BatchTensors& batch, const SacBatch& settings) {
  torch::Tensor goal;
  {
    torch::NoGradGuard no_gradient;
    const PolicySample next = policy_.sample(batch.next_observation, batch.next_noise);
    const torch::Tensor next_q = target_.frozen(batch.next_observation, next.action);
    goal = soft_bellman_target(batch.reward, batch.terminated, next_q, next.log_prob, settings.temperature,
                               state_.settings.discount, state_.settings.reward_scale);
  }
  const torch::Tensor loss = critic_loss(critic_(batch.observation, batch.action), goal);
  critic_.buffer().zero_gradient();
  loss.backward();
  step(state_.critic, critic_.buffer(), critic_moments_);
  if (settings.update_target) target_.buffer().values().lerp_(critic_.buffer().values(), state_.settings.tau);
  return loss.item<double>();
}

void TorchSac::update_policy(const BatchTensors& batch, UpdateStatistics& statistics) {
  const double alpha = statistics.temperature;
  const PolicySample sample = policy_.sample(batch.observation, batch.noise);
  const torch::Tensor q = critic_.frozen(batch.observation, sample.action);
  const torch::Tensor loss = actor_loss(sample.log_prob, q, alpha);
  policy_.buffer().zero_gradient();
  loss.backward();
  step(state_.policy, policy_.buffer(), policy_moments_);
  statistics.actor_loss = loss.item<double>();
  statistics.entropy = -sample.log_prob.detach().mean().item<double>();
  statistics.q = -alpha * statistics.entropy - statistics.actor_loss;  // J_pi = alpha log pi - Q
}

void TorchSac::step(TrainedParameters& parameters, ParameterBuffer& buffer, Moments& moments) {
  parameters.begin_step();
  if (!mirrored_) return parameters.step(0, parameters.values().size(), {}, 0);
  torch::NoGradGuard no_gradient;
  const AdamStep adam = parameters.present_step();
  const torch::Tensor& g = buffer.gradient();
  moments.first.mul_(adam.beta1).add_(g, 1 - adam.beta1);
  moments.second.mul_(adam.beta2).addcmul_(g, g, 1 - adam.beta2);
  torch::Tensor(buffer.values())
      .addcdiv_(moments.first, moments.second.sqrt().mul_(adam.root).add_(adam.epsilon), -adam.rate);
}

}  // namespace

bool cuda_is_available() {
  return torch::cuda::is_available();
}

Result<std::unique_ptr<SacBackend>> make_torch_sac(SacState& state, const TorchOptions& options) {
  try {
    const torch::Device device(options.device);
    if (device.is_cuda() && !cuda_is_available()) {
      return Error{
          "`device = \"cuda\"` needs a GPU and a LibTorch that was built for it, and this one has none "
          "(Debian's is for the CPU only); point CMAKE_PREFIX_PATH at another and build again, or train "
          "with `device = \"cpu\"`"};
    }
    return std::unique_ptr<SacBackend>(
        std::make_unique<TorchSac>(state, device, options.mirrored || !device.is_cpu()));
  } catch (const c10::Error& error) {
    return Error{"LibTorch cannot train on `" + options.device + "`: " + error.what_without_backtrace()};
  }
}

}  // namespace motet
