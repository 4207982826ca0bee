#pragma once

// Sums of named rewards.

#include <memory>

#include "compiler/check/value.h"

namespace motet::checking {

using SharedMix = std::shared_ptr<const RewardMix>;

// Past this number of named rewards, the reward that adds them is logged, not they.
inline constexpr std::size_t most_rewards = 64;

// a + factor * b, those of a before those of b. Either may be null.
SharedMix mix_sum(const SharedMix& a, const SharedMix& b, double factor);
SharedMix mix_scaled(const SharedMix& a, double factor);

}  // namespace motet::checking
