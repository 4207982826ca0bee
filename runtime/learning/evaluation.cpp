#include "runtime/learning/evaluation.h"

#include <cmath>

namespace motet {
namespace {

// Mean and standard deviation (n - 1) of the finite values.
Statistic statistic(std::string name, const std::vector<double>& values) {
  double count = 0, sum = 0, squares = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    count += 1;
    sum += value;
  }
  const double mean = sum / count;
  for (const double value : values) {
    if (std::isfinite(value)) squares += (value - mean) * (value - mean);
  }
  return {std::move(name), mean, count > 1 ? std::sqrt(squares / (count - 1)) : 0};
}

// One number of every episode.
template <typename Get>
std::vector<double> gather(const std::vector<EpisodeSummary>& episodes, Get get) {
  std::vector<double> values;
  for (const EpisodeSummary& episode : episodes) values.push_back(static_cast<double>(get(episode)));
  return values;
}

void summarize(const EnvironmentPlan& environment, EvaluationResult& result) {
  const std::vector<EpisodeSummary>& each = result.each;
  result.episodes = static_cast<std::int64_t>(each.size());
  result.episode_return = statistic("return", gather(each, [](const auto& e) { return e.episode_return; }));
  result.length = statistic("length", gather(each, [](const auto& e) { return e.length; }));
  result.has_success = environment.step.find("success") != nullptr;
  result.success_rate =
      statistic("success", gather(each, [](const auto& e) { return e.success ? 1 : 0; })).mean;
  for (std::size_t i = 0; i < environment.measures.size(); ++i) {
    result.measures.push_back(
        statistic(environment.measures[i].name, gather(each, [&](const auto& e) { return e.measures[i]; })));
  }
  for (std::size_t i = 0; i < environment.part_rewards.size(); ++i) {
    result.part_rewards.push_back(
        statistic(environment.part_rewards[i], gather(each, [&](const auto& e) { return e.part_sums[i]; })));
  }
  for (std::size_t i = 0; i < environment.reward_terms.size(); ++i) {
    result.reward_terms.push_back(statistic(environment.reward_terms[i].name,
                                            gather(each, [&](const auto& e) { return e.term_sums[i]; })));
  }
}

}  // namespace

EvaluationResult evaluate(World& world, Actor& actor, std::int64_t episodes, const World::OnStep& on_step) {
  EvaluationResult result;
  const std::int64_t unstable_before = world.unstable_episodes();
  std::vector<float> action(static_cast<std::size_t>(world.action_size()));
  for (std::int64_t i = 0; i < episodes; ++i) {
    world.reset();
    actor.begin();
    for (bool over = false; !over;) {
      actor.act(world.observation(), action);
      const StepResult step = world.step(action, on_step);
      over = step.terminated || step.truncated || step.unstable;
    }
    result.each.push_back(world.episode());
  }
  result.unstable_episodes = world.unstable_episodes() - unstable_before;
  summarize(world.plan(), result);
  return result;
}

}  // namespace motet
