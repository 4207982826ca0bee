#pragma once

#include <cstdint>
#include <optional>

#include "runtime/bundle/bundle.h"

namespace motet {

// A bundle of a contract, with weights of zero; nothing where they are so many that a fuzzer would be slow.
inline std::optional<Bundle> with_zeros(const Contract& contract) {
  Bundle bundle{contract, {}, {}};
  std::int64_t size = 0;
  for (const LayerContract& layer : contract.layers) {
    size += layer.policy.parameters() + layer.noise_set * layer.policy.action_size;
    if (size > 100'000) return std::nullopt;
    std::vector<float> noise(static_cast<std::size_t>(layer.noise_set * layer.policy.action_size));
    bundle.weights.push_back(
        {AlignedFloats(static_cast<std::size_t>(layer.policy.parameters())), std::move(noise)});
  }
  return bundle;
}

}  // namespace motet
