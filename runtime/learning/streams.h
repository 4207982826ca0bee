#pragma once

// Who draws from which stream of a run's seed. New ones go at the end: numbers are never reused.

#include <cstdint>

namespace motet {

inline constexpr std::uint64_t stream_networks = 1;           // first values of the parameters
inline constexpr std::uint64_t stream_updates = 2;            // noise of the updates
inline constexpr std::uint64_t stream_batches = 3;            // which transitions
inline constexpr std::uint64_t stream_actions = 4;            // exploration
inline constexpr std::uint64_t stream_evaluation = 5;         // the world that measures
inline constexpr std::uint64_t stream_evaluated_actions = 6;  // of policies that have no mean
inline constexpr std::uint64_t stream_worlds = 1000;          // training world i: stream_worlds + i

}  // namespace motet
