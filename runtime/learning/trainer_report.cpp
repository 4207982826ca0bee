// What a trainer tells of itself: rows of the log, and progress.

#include <algorithm>
#include <limits>

#include "runtime/learning/streams.h"
#include "runtime/learning/trainer.h"

namespace motet {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::vector<Metric> Trainer::row(const EvaluationResult& result) {
  const TrainingMeans means = statistics_.take();
  const bool has_success = result.has_success;
  std::vector<Metric> metrics = {{"updates", static_cast<double>(parts_.learner->updates())},
                                 {"episodes", static_cast<double>(statistics_.episodes())},
                                 {"seconds", seconds()},
                                 {"eval/return", result.episode_return.mean},
                                 {"eval/return_std", result.episode_return.deviation},
                                 {"eval/length", result.length.mean},
                                 {"eval/success", has_success ? result.success_rate : nan},
                                 {"train/return", means.episode_return},
                                 {"train/length", means.length},
                                 {"train/success", has_success ? means.success : nan},
                                 {"loss/critic", means.critic_loss},
                                 {"loss/actor", means.actor_loss},
                                 {"temperature", parts_.learner->temperature(step_)},
                                 {"entropy", means.entropy},
                                 {"q", means.q},
                                 {"unstable", static_cast<double>(unstable_episodes())}};
  for (const Statistic& term : result.reward_terms) metrics.push_back({"reward/" + term.name, term.mean});
  for (const Statistic& measure : result.measures)
    metrics.push_back({"measure/" + measure.name, measure.mean});
  return metrics;
}

Status Trainer::measure() {
  policy_->use_noise(parts_.learner->noise_set(step_));
  const auto actor =
      make_actor(*policy_, {.sample = false, .latent_per_episode = skill_.latent == "episode"},
                 Random(request_.seed + static_cast<std::uint64_t>(step_), stream_evaluated_actions));
  const double before = pace_.seconds();
  const EvaluationResult result = evaluate(*parts_.evaluation_world, *actor, skill_.train.eval_episodes);
  pace_.leave_out(pace_.seconds() - before);
  evaluation_return_ = result.episode_return.mean;
  const std::vector<Metric> metrics = row(result);
  if (Status status = log_->add(step_, metrics); !status) return status;
  if (request_.on_evaluation) request_.on_evaluation(step_, metrics);
  return {};
}

void Trainer::report(bool now) {
  if (!request_.on_progress || !(pace_.mark(step_) || now)) return;
  Progress progress;
  progress.skill = skill_.name;
  progress.step = step_;
  progress.steps = settings_.steps;
  progress.updates = parts_.learner->updates();
  progress.steps_per_second = pace_.steps_per_second();
  // The pace of the warm-up says nothing of what is to come.
  const bool known = parts_.learner->updates() > 0 && pace_.overall() > 0;
  progress.seconds_left = known ? static_cast<double>(progress.steps - step_) / pace_.overall() : 0;
  progress.train_return = statistics_.recent_return();
  progress.success_rate =
      skill_.environment.step.find("success") != nullptr ? statistics_.recent_success() : nan;
  progress.eval_return = evaluation_return_;
  progress.temperature = parts_.learner->temperature(step_);
  progress.entropy = statistics_.last_entropy();
  progress.unstable_episodes = unstable_episodes();
  progress.unstable_reason = parts_.collector->unstable_episodes() > 0
                                 ? parts_.collector->unstable_reason()
                                 : parts_.evaluation_world->unstable_reason();
  request_.on_progress(progress);
}

}  // namespace motet
