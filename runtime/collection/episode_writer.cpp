#include "runtime/collection/episode_writer.h"

#include <algorithm>
#include <cmath>

namespace motet {

EpisodeWriter::EpisodeWriter(const Contract& contract, std::int64_t horizon)
    : n_(contract.observation_size()),
      m_(contract.action_size()),
      horizon_(horizon),
      observations_(static_cast<std::size_t>((horizon + 1) * n_)),
      actions_(static_cast<std::size_t>(horizon * m_)),
      rewards_(static_cast<std::size_t>(horizon)) {}

bool EpisodeWriter::tick(const Controller& controller, SafetyState state) noexcept {
  if (state != SafetyState::running) {
    interruption_ = "the link failed";
    return true;
  }
  if (!controller.stepped()) return false;
  const auto at = static_cast<std::size_t>(observed_);
  const std::span<const float> observation = controller.observation(), action = controller.action();
  const Judgement judgement = controller.judgement();
  const auto reward = static_cast<float>(judgement.reward);
  if (!std::all_of(observation.begin(), observation.end(), [](float value) { return std::isfinite(value); }))
    interruption_ = "its observation is not a number";
  else if (observed_ > 0 && !std::isfinite(reward))
    interruption_ = "its reward is not a number";
  if (!interruption_.empty()) return true;
  std::copy(observation.begin(), observation.end(),
            observations_.begin() + static_cast<std::ptrdiff_t>(at * observation.size()));
  bool over = observed_ == horizon_;
  if (observed_ > 0) {
    rewards_[at - 1] = reward;
    terminated_ = judgement.end;
    success_ = success_ || judgement.success;
    over = over || terminated_;
  }
  if (!over)
    std::copy(action.begin(), action.end(),
              actions_.begin() + static_cast<std::ptrdiff_t>(at * action.size()));
  ++observed_;
  return over;
}

double EpisodeWriter::episode_return() const {
  double sum = 0;
  for (std::int64_t i = 0; i < steps(); ++i)
    sum += static_cast<double>(rewards_[static_cast<std::size_t>(i)]);
  return sum;
}

std::optional<Episode> EpisodeWriter::episode() const {
  if (steps() == 0) return std::nullopt;
  const auto first = [](const std::vector<float>& values, std::int64_t count) {
    return std::vector<float>(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
  };
  Episode episode;
  episode.observation_size = n_;
  episode.action_size = m_;
  episode.observations = first(observations_, observed_ * n_);
  episode.actions = first(actions_, steps() * m_);
  episode.rewards = first(rewards_, steps());
  episode.terminated = terminated_;
  episode.success = success_;
  return episode;
}

}  // namespace motet
