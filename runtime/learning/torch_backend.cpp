#include "runtime/learning/torch_backend.h"

#include <torch/torch.h>

#include "runtime/learning/torch_sac.h"
#include "runtime/learning/torch_sql.h"

namespace motet {

bool cuda_is_available() {
  return torch::cuda::is_available();
}

Result<std::unique_ptr<LearnerBackend>> make_torch_backend(LearnerState& state, TorchOptions options) {
  try {
    const torch::Device device(options.device);
    if (device.is_cuda() && !cuda_is_available()) {
      return Error{
          "`device = \"cuda\"` needs a GPU and a LibTorch that was built for it, and this one has none "
          "(Debian's is for the CPU only); point CMAKE_PREFIX_PATH at another and build again, or train "
          "with `device = \"cpu\"`"};
    }
    options.mirrored = options.mirrored || !device.is_cpu();
    return state.soft_q_learning ? make_torch_sql(state, options) : make_torch_sac(state, options);
  } catch (const c10::Error& error) {
    return Error{"LibTorch cannot train on `" + options.device + "`: " + error.what_without_backtrace()};
  }
}

}  // namespace motet
