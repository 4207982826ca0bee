#include "runtime/learning/collector.h"

#include <algorithm>

#include "runtime/learning/streams.h"

namespace motet {
namespace {

std::string name_of(std::size_t world) {
  return "worlds/" + std::to_string(world);
}

}  // namespace

Collector::Collector(std::vector<std::unique_ptr<World>> worlds, Team& team)
    : worlds_(std::move(worlds)),
      team_(team),
      observations_(worlds_.size() * static_cast<std::size_t>(worlds_[0]->observation_size())),
      actions_(worlds_.size() * static_cast<std::size_t>(worlds_[0]->action_size())),
      results_(worlds_.size()) {}

Result<std::unique_ptr<Collector>> Collector::make(const MakeWorld& make_world, std::uint64_t seed,
                                                   std::int64_t worlds, Team& team) {
  std::vector<std::unique_ptr<World>> all;
  for (std::int64_t i = 0; i < worlds; ++i) {
    Result<std::unique_ptr<World>> world =
        make_world(Random(seed, stream_worlds + static_cast<std::uint64_t>(i)));
    if (!world) return world.error();
    (*world)->reset();
    all.push_back(std::move(*world));
  }
  return std::unique_ptr<Collector>(new Collector(std::move(all), team));
}

void Collector::choose(const Choose& choose) {
  const std::size_t n = observations_.size() / worlds_.size(), m = actions_.size() / worlds_.size();
  const std::span<float> observations(observations_), actions(actions_);
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    std::copy_n(worlds_[i]->observation().begin(), n, observations.subspan(i * n, n).begin());
    choose(i, observations.subspan(i * n, n), actions.subspan(i * m, m));
  }
}

void Collector::step(ReplayBuffer& replay, TrainingStatistics& statistics) {
  const std::size_t n = observations_.size() / worlds_.size(), m = actions_.size() / worlds_.size();
  const std::span<const float> observations(observations_), actions(actions_);
  team_.each(worlds(), [&](long i, int) {
    const auto w = static_cast<std::size_t>(i);
    results_[w] = worlds_[w]->step(actions.subspan(w * m, m));
  });
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    World& world = *worlds_[i];
    const StepResult& result = results_[i];
    if (result.unstable) {
      unstable_reason_ = world.unstable_reason();
    } else {
      replay.add({observations.subspan(i * n, n), actions.subspan(i * m, m),
                  static_cast<float>(result.reward), world.observation(), result.terminated});
      if (result.terminated || result.truncated) statistics.add(world.episode());
    }
    if (result.unstable || result.terminated || result.truncated) world.reset();
  }
}

std::int64_t Collector::unstable_episodes() const {
  std::int64_t sum = 0;
  for (const auto& world : worlds_) sum += world->unstable_episodes();
  return sum;
}

void Collector::save(Archive& archive) const {
  for (std::size_t i = 0; i < worlds_.size(); ++i) worlds_[i]->save(archive, name_of(i));
}

Status Collector::restore(const Archive& archive) {
  for (std::size_t i = 0; i < worlds_.size(); ++i) {
    if (Status status = worlds_[i]->restore(archive, name_of(i)); !status) return status;
    if (!worlds_[i]->unstable_reason().empty()) unstable_reason_ = worlds_[i]->unstable_reason();
  }
  return {};
}

}  // namespace motet
