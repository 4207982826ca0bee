#include "runtime/engine/policy_stack.h"

#include <algorithm>
#include <utility>

namespace motet {

struct PolicyStack::Layer {
  explicit Layer(StackLayer given)
      : layer(std::move(given)),
        policy(make_inference(layer.shape, std::as_const(layer.parameters).values())),
        observation(layer.columns.size()),
        action(static_cast<std::size_t>(layer.shape.action_size)) {}

  StackLayer layer;
  std::unique_ptr<PolicyInference> policy;
  std::vector<float> observation, action;
};

PolicyStack::PolicyStack(std::vector<StackLayer> layers) {
  for (StackLayer& layer : layers) layers_.push_back(std::make_unique<Layer>(std::move(layer)));
}

PolicyStack::PolicyStack(PolicyStack&&) noexcept = default;
PolicyStack::~PolicyStack() = default;

std::span<const float> PolicyStack::action_of(std::size_t i) const {
  return layers_[i]->action;
}

void PolicyStack::act(std::span<const float> observation, std::span<const float> latent, std::int64_t step,
                      std::span<float> action) {
  for (const std::unique_ptr<Layer>& each : layers_) {
    if (step % each->layer.hold == 0) {
      for (std::size_t i = 0; i < each->observation.size(); ++i)
        each->observation[i] = observation[static_cast<std::size_t>(each->layer.columns[i])];
      each->policy->act(each->observation, latent, each->action);
    }
    latent = each->action;
  }
  std::copy(latent.begin(), latent.end(), action.begin());
}

}  // namespace motet
