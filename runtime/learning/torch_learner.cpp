#include "runtime/learning/torch_learner.h"

#include <algorithm>

namespace motet {
namespace {

// A tensor of the numbers where they lie.
torch::Tensor view(std::span<const float> values, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat);
}

torch::Tensor view(std::span<const float> values) {
  return view(values, {static_cast<std::int64_t>(values.size())});
}

}  // namespace

TorchLearner::TorchLearner(LearnerState& state, const torch::Device& device, bool mirrored)
    : state_(state),
      device_(device),
      mirrored_(mirrored),
      batch_(state.settings.batch, state.shape.observation_size, state.shape.action_size) {
  policy_ = place(state.policy);
  critic_ = place(state.critic);
  target_ = place(state.target.values());
}

// The numbers themselves, or a copy of them on the device.
torch::Tensor TorchLearner::place(std::span<float> values) const {
  return mirrored_ ? view(values).to(device_, torch::kFloat, false, true) : view(values);
}

TorchLearner::Trained TorchLearner::place(TrainedParameters& parameters) const {
  return {place(parameters.values()), place(parameters.gradient()), place(parameters.first()),
          place(parameters.second())};
}

// Between the state and its copies.
void TorchLearner::exchange(bool to_state) {
  if (!mirrored_) return;
  const std::pair<std::span<float>, torch::Tensor> all[] = {
      {state_.policy.values(), policy_.values}, {state_.policy.first(), policy_.first},
      {state_.policy.second(), policy_.second}, {state_.critic.values(), critic_.values},
      {state_.critic.first(), critic_.first},   {state_.critic.second(), critic_.second},
      {state_.target.values(), target_}};
  torch::NoGradGuard no_gradient;
  for (const auto& [host, device] : all) {
    if (to_state) {
      view(host).copy_(device);
    } else {
      torch::Tensor(device).copy_(view(host));
    }
  }
}

BatchTensors TorchLearner::read(const UpdateBatch& batch) {
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
  tensors.next_noise = view(batch.next_noise).view({b, -1, m}).to(device_);
  tensors.noise = view(batch.noise).view({b, -1, m}).to(device_);
  return tensors;
}

// The replay's copy on the device: what has been added since the last update goes there, and the batch
// is gathered there.
void TorchLearner::read_rows(const UpdateBatch& batch, BatchTensors& tensors) {
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

void TorchLearner::step(TrainedParameters& parameters, Trained& trained) {
  parameters.begin_step();
  if (!mirrored_) return parameters.step(0, parameters.values().size(), {}, 0);
  torch::NoGradGuard no_gradient;
  const AdamStep adam = parameters.present_step();
  const torch::Tensor& g = trained.gradient;
  trained.first.mul_(adam.beta1).add_(g, 1 - adam.beta1);
  trained.second.mul_(adam.beta2).addcmul_(g, g, 1 - adam.beta2);
  trained.values.addcdiv_(trained.first, trained.second.sqrt().mul_(adam.root).add_(adam.epsilon),
                          -adam.rate);
}

void TorchLearner::move_target() {
  torch::NoGradGuard no_gradient;
  target_.lerp_(critic_.values, state_.settings.tau);
}

void TorchLearner::publish_policy() {
  if (mirrored_) view(state_.policy.values()).copy_(policy_.values);
}

}  // namespace motet
