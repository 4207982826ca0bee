#pragma once

// Soft Q-learning by LibTorch's autograd: the reference of the native engine. No LibTorch in this header.

#include <memory>

#include "runtime/learning/torch_backend.h"

namespace motet {

// `state` outlives the backend.
std::unique_ptr<LearnerBackend> make_torch_sql(LearnerState& state, const TorchOptions& options);

}  // namespace motet
