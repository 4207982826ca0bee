#pragma once

// What the torch backends share: the state's numbers as tensors, where they lie or as copies on a device,
// batches of the replay there, and the optimiser's step.

#include <torch/torch.h>

#include "runtime/learning/learner_state.h"
#include "runtime/policy/parameter_buffer.h"

namespace motet {

// Moments that decay towards zero become denormal numbers, which cost hundreds of cycles each: they
// are taken for zero during an update, and nowhere else.
class FlushTorchDenormals {
 public:
  FlushTorchDenormals() { at::globalContext().setFlushDenormal(true); }
  ~FlushTorchDenormals() { at::globalContext().setFlushDenormal(false); }
};

// observation, next_observation [B, n], action [B, m], reward, terminated [B]; the noise as the batch has it.
struct BatchTensors {
  torch::Tensor observation, action, reward, next_observation, terminated, next_noise, noise;
};

class TorchLearner : public LearnerBackend {
 public:
  // `mirrored`: works on copies of the state and the replay that lie on the device.
  TorchLearner(LearnerState& state, const torch::Device& device, bool mirrored);

  void reload() override { exchange(false); }
  void store() override { exchange(true); }

 protected:
  struct Trained {
    torch::Tensor values, gradient, first, second;
  };

  BatchTensors read(const UpdateBatch& batch);
  void step(TrainedParameters& parameters, Trained& trained);
  // target <- target + tau (critic - target).
  void move_target();
  // After an update: actions are chosen on the CPU.
  void publish_policy();

  LearnerState& state_;
  Trained policy_, critic_;
  torch::Tensor target_;

 private:
  Trained place(TrainedParameters& parameters) const;
  torch::Tensor place(std::span<float> values) const;
  void exchange(bool to_state);
  void read_rows(const UpdateBatch& batch, BatchTensors& tensors);

  torch::Device device_;
  bool mirrored_;
  TransitionBatch batch_;
  torch::Tensor rows_;           // of the replay, on the device
  std::int64_t rows_added_ = 0;  // transitions of the replay that rows_ knows
};

}  // namespace motet
