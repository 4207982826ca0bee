#pragma once

// What happened in training between two rows of the log.

#include <cstdint>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"
#include "runtime/learning/learner.h"
#include "runtime/simulation/world.h"

namespace motet {

// Means since the last row; NaN where nothing happened.
struct TrainingMeans {
  double episode_return = 0, length = 0, success = 0;
  double critic_loss = 0, actor_loss = 0, q = 0, entropy = 0;
};

class TrainingStatistics {
 public:
  void add(const EpisodeSummary& episode);
  void add(const UpdateStatistics& update);

  std::int64_t episodes() const { return total_.episodes; }
  // Returns the means, and begins anew.
  TrainingMeans take();

  // Over the last 10 episodes; NaN before the first.
  double recent_return() const;
  double recent_success() const;
  double last_entropy() const { return total_.entropy; }

  void save(Archive& archive) const;
  Status restore(const Archive& archive);

 private:
  static constexpr std::int64_t recent = 10;

  struct Sums {
    double episodes = 0, episode_return = 0, length = 0, success = 0;
    double updates = 0, critic_loss = 0, actor_loss = 0, q = 0, entropy = 0;
  };
  struct Total {
    std::int64_t episodes = 0;
    double returns[recent] = {}, successes[recent] = {};  // rings
    double entropy = 0;                                   // of the last update
  };

  double mean_of_recent(const double* ring) const;

  Sums sums_;
  Total total_;
};

}  // namespace motet
