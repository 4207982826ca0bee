#include "compiler/check/mix.h"

namespace motet::checking {

SharedMix mix_sum(const SharedMix& a, const SharedMix& b, double factor) {
  if (b == nullptr) return a;
  auto mix = std::make_shared<RewardMix>();
  if (a != nullptr) *mix = *a;
  for (const auto& [name, part] : *b) {
    const auto [entry, is_new] = mix->emplace(name, part);
    entry->second.weight = is_new ? factor * part.weight : entry->second.weight + factor * part.weight;
  }
  return mix;
}

SharedMix mix_scaled(const SharedMix& a, double factor) {
  return mix_sum(nullptr, a, factor);
}

}  // namespace motet::checking
