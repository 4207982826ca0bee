#pragma once

// The worlds that a skill learns in: acts in all of them, fills the replay, begins new episodes.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/engine/team.h"
#include "runtime/learning/replay.h"
#include "runtime/learning/statistics.h"
#include "runtime/simulation/world.h"

namespace motet {

class Collector {
 public:
  // Copies of one world, each with a random stream of its own, after their first reset. The team steps
  // them; what they do does not depend on how many its members are. `team` outlives the collector.
  using MakeWorld = std::function<Result<std::unique_ptr<World>>(Random random)>;
  static Result<std::unique_ptr<Collector>> make(const MakeWorld& make_world, std::uint64_t seed,
                                                 std::int64_t worlds, Team& team);

  // Chooses an action [m] for an observation [n] of a world.
  using Choose =
      std::function<void(std::size_t world, std::span<const float> observation, std::span<float> action)>;
  // The next action of every world.
  void choose(const Choose& choose);
  // The world is at the first step of an episode.
  bool begins(std::size_t world) const { return worlds_[world]->episode().length == 0; }
  // One step of every world with the actions chosen. Transitions of an unstable simulation are not
  // stored, and its episode is not counted in the statistics. One world steps in the calling thread.
  void step(ReplayBuffer& replay, TrainingStatistics& statistics);

  std::int64_t worlds() const { return static_cast<std::int64_t>(worlds_.size()); }
  std::int64_t unstable_episodes() const;
  const std::string& unstable_reason() const { return unstable_reason_; }

  void save(Archive& archive) const;
  Status restore(const Archive& archive);

 private:
  Collector(std::vector<std::unique_ptr<World>> worlds, Team& team);

  std::vector<std::unique_ptr<World>> worlds_;
  Team& team_;
  std::vector<float> observations_, actions_;  // [worlds, n], [worlds, m]
  std::vector<StepResult> results_;
  std::string unstable_reason_;
};

}  // namespace motet
