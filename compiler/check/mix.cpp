#include "compiler/check/mix.h"

#include <algorithm>

namespace motet::checking {

SharedMix mix_sum(const SharedMix& a, const SharedMix& b, double factor) {
  if (b == nullptr) return a;
  auto mix = std::make_shared<RewardMix>();
  if (a != nullptr) *mix = *a;
  std::size_t rank = 0;
  for (const auto& [name, part] : *mix) rank = std::max(rank, part.rank + 1);
  for (const auto& [name, part] : *b) {
    const auto [entry, is_new] = mix->emplace(name, part);
    if (is_new) {
      entry->second.weight = factor * part.weight;
      entry->second.rank = rank + part.rank;
    } else {
      entry->second.weight += factor * part.weight;
    }
  }
  return mix;
}

SharedMix mix_scaled(const SharedMix& a, double factor) {
  return mix_sum(nullptr, a, factor);
}

}  // namespace motet::checking
