#pragma once

// The backends that LibTorch computes. No LibTorch in this header.

#include <memory>
#include <string>

#include "compiler/plan/result.h"
#include "runtime/learning/learner_state.h"

namespace motet {

struct TorchOptions {
  std::string device = "cpu";  // or "cuda"
  // Works on copies of the state and the replay that lie on the device, as it must on any but the CPU.
  bool mirrored = false;
};

bool cuda_is_available();

// Of the state's algorithm: soft actor-critic where there are two soft Q-functions, else soft Q-learning.
// `state` outlives the backend. Errors: LibTorch has no such device here.
Result<std::unique_ptr<LearnerBackend>> make_torch_backend(LearnerState& state, TorchOptions options);

}  // namespace motet
