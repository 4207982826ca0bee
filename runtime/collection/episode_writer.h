#pragma once

// What a control loop lives through, as an episode.

#include <string_view>

#include "runtime/control/loop.h"
#include "runtime/episodes/episode.h"

namespace motet {

// Allocates when made.
class EpisodeWriter final : public TickObserver {
 public:
  EpisodeWriter(const Contract& contract, std::int64_t horizon);

  // Ends at the horizon, by the program's rules, where the policy could not act (what follows such a gap is
  // not what its actions led to), or where there is nothing to learn from.
  bool tick(const Controller& controller, SafetyState state) noexcept override;

  // What was lived through: nothing where it is not a step long.
  std::optional<Episode> episode() const;
  std::int64_t steps() const { return std::max<std::int64_t>(0, observed_ - 1); }
  double episode_return() const;
  // Why it ends where neither its rules nor its horizon end it; else empty.
  std::string_view interruption() const { return interruption_; }
  bool terminated() const { return terminated_; }

 private:
  std::int64_t n_, m_, horizon_;
  std::vector<float> observations_, actions_, rewards_;
  std::int64_t observed_ = 0;
  bool terminated_ = false, success_ = false;
  std::string_view interruption_;
};

}  // namespace motet
