#pragma once

// Soft actor-critic by LibTorch's autograd: the reference that the native engine is compared with, and
// the way onto other devices. No LibTorch in this header.

#include <memory>
#include <string>

#include "compiler/plan/result.h"
#include "runtime/learning/sac_state.h"

namespace motet {

struct TorchOptions {
  std::string device = "cpu";  // or "cuda"
  // Works on copies of the state and the replay that lie on the device, as it must on any but the CPU.
  bool mirrored = false;
};

bool cuda_is_available();

// `state` outlives the backend. Errors: LibTorch has no such device here.
Result<std::unique_ptr<SacBackend>> make_torch_sac(SacState& state, const TorchOptions& options);

}  // namespace motet
