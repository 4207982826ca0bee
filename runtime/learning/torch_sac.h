#pragma once

// Soft actor-critic by LibTorch's autograd: the reference that the native engine is compared with, and
// the way onto other devices. No LibTorch in this header.

#include <memory>

#include "runtime/learning/torch_backend.h"

namespace motet {

// `state` outlives the backend.
std::unique_ptr<LearnerBackend> make_torch_sac(LearnerState& state, const TorchOptions& options);

}  // namespace motet
