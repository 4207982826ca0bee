#include "runtime/learning/statistics.h"

#include <algorithm>
#include <numeric>

namespace motet {

void TrainingStatistics::add(const EpisodeSummary& episode) {
  sums_.episodes += 1;
  sums_.episode_return += episode.episode_return;
  sums_.length += static_cast<double>(episode.length);
  sums_.success += episode.success ? 1 : 0;
  total_.returns[total_.episodes % recent] = episode.episode_return;
  total_.successes[total_.episodes % recent] = episode.success ? 1 : 0;
  ++total_.episodes;
}

void TrainingStatistics::add(const UpdateStatistics& update) {
  sums_.updates += 1;
  sums_.critic_loss += update.critic_loss;
  sums_.actor_loss += update.actor_loss;
  sums_.q += update.q;
  sums_.entropy += update.entropy;
  total_.entropy = update.entropy;
}

TrainingMeans TrainingStatistics::take() {
  const Sums s = sums_;  // 0 / 0 is NaN: nothing happened
  sums_ = {};
  return {s.episode_return / s.episodes, s.length / s.episodes,    s.success / s.episodes,
          s.critic_loss / s.updates,     s.actor_loss / s.updates, s.q / s.updates,
          s.entropy / s.updates};
}

double TrainingStatistics::mean_of_recent(const double* ring) const {
  const std::int64_t count = std::min(total_.episodes, recent);
  return std::accumulate(ring, ring + count, 0.0) / static_cast<double>(count);
}

double TrainingStatistics::recent_return() const {
  return mean_of_recent(total_.returns);
}

double TrainingStatistics::recent_success() const {
  return mean_of_recent(total_.successes);
}

void TrainingStatistics::save(Archive& archive) const {
  archive.put_value("statistics/since_row", sums_);
  archive.put_value("statistics/total", total_);
}

Status TrainingStatistics::restore(const Archive& archive) {
  if (Status status = archive.get_value("statistics/since_row", sums_); !status) return status;
  if (Status status = archive.get_value("statistics/total", total_); !status) return status;
  if (total_.episodes < 0) return Error{"the checkpoint counts less than no episodes"};
  return {};
}

}  // namespace motet
