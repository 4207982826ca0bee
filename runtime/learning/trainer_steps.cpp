// Acting and learning, one behind the other as Algorithm 2 has them or side by side.

#include <algorithm>
#include <cmath>

#include "runtime/learning/trainer.h"

namespace motet {
namespace {

// Waits for the worlds, whatever happens.
class WaitForWorlds {
 public:
  explicit WaitForWorlds(Team& team) : team_(team) {}
  ~WaitForWorlds() { team_.finish(); }
  WaitForWorlds(const WaitForWorlds&) = delete;
  WaitForWorlds& operator=(const WaitForWorlds&) = delete;

 private:
  Team& team_;
};

}  // namespace

Status Trainer::advance() {
  previous_step_ = step_;
  seen_.clear();
  const std::int64_t ahead = steps_ahead();
  return ahead > 0 ? advance_ahead(ahead) : advance_by_one();
}

// None where the order is to be the algorithm's, while the warm-up acts, and where the replay could not
// tell what is new from what is being learnt. Never beyond the end, an evaluation or a checkpoint.
std::int64_t Trainer::steps_ahead() const {
  const std::int64_t worlds = parts_.collector->worlds();
  if (step_ < settings_.warmup || 2 * skill_.train.ahead * worlds > replay_.capacity()) return 0;
  const auto until = [&](std::int64_t distance) { return (distance + worlds - 1) / worlds; };
  std::int64_t steps = std::min(skill_.train.ahead, until(settings_.steps - step_));
  for (const std::int64_t interval : {skill_.train.eval_interval, checkpoint_interval()})
    steps = std::min(steps, until(interval - step_ % interval));
  return steps;
}

// The actions of all worlds: in the warm-up from their prior, which is uniform, or normal of a latent, or
// those of the policy that the skill starts from; then the policy's, with the noise that explores.
void Trainer::act(PolicyInference& policy) {
  const bool warm_up = step_ < settings_.warmup && skill_.start_from.empty();
  const bool bounded = skill_.over.empty();
  policy.use_noise(parts_.learner->noise_set(step_));
  parts_.collector->choose(
      [&](std::size_t world, std::span<const float> observation, std::span<float> action) {
        const std::size_t first = world * action.size();
        if (warm_up && bounded) return actions_.fill_uniform(action, -1, 1);
        std::span<float> latent = action;
        if (!latents_.empty()) latent = std::span(latents_).subspan(first, action.size());
        if (latents_.empty() || parts_.collector->begins(world)) policy.draw(actions_, latent);
        if (warm_up) {
          std::copy(latent.begin(), latent.end(), action.begin());
        } else {
          policy.act(observation, latent, action);
          noise_.add(first, actions_, action);
        }
      });
}

// A step of every world, then its updates. They begin while the world still steps, as long as their
// batches have none of the rows that it is about to fill: the result is that of waiting.
Status Trainer::advance_by_one() {
  Collector& collector = *parts_.collector;
  act(*policy_);
  const std::int64_t worlds = collector.worlds(), capacity = replay_.capacity();
  const std::int64_t first = replay_.added(), size = std::min(replay_.size() + worlds, capacity);
  step_ += worlds;
  if (step_ < settings_.warmup) {
    collector.step(replay_, statistics_);
    return {};
  }
  if (worlds == 1) {
    parts_.team->start([this] { parts_.collector->step(replay_, statistics_); });
  } else {
    collector.step(replay_, statistics_);
  }
  {
    const WaitForWorlds wait(*parts_.team);
    for (std::int64_t i = 0; i < settings_.gradient_steps * worlds; ++i) {
      bool fresh = false;
      for (std::int64_t& slot : slots_) {
        slot = static_cast<std::int64_t>(batches_.below(static_cast<std::uint64_t>(size)));
        fresh = fresh || (slot - first % capacity + capacity) % capacity < worlds;
      }
      if (fresh) {
        parts_.team->finish();
        // What was unstable has not been stored.
        if (replay_.size() == 0) break;
        for (std::int64_t& slot : slots_) slot %= replay_.size();
      }
      update();
    }
  }
  return end_of_advance();
}

// Some steps of every world with the policy as it is, and as many updates with the replay as it is, at
// the same time.
Status Trainer::advance_ahead(std::int64_t steps) {
  const std::int64_t worlds = parts_.collector->worlds();
  const std::int64_t added = replay_.added();
  // Of what the worlds will not overwrite meanwhile.
  const std::int64_t size = std::min(replay_.size(), replay_.capacity() - steps * worlds);
  std::copy(parts_.learner->policy_parameters().begin(), parts_.learner->policy_parameters().end(),
            acting_parameters_.values().begin());
  {
    parts_.team->start([this, steps] {
      for (std::int64_t i = 0; i < steps; ++i) {
        act(*acting_);
        parts_.collector->step(replay_, statistics_);
      }
    });
    const WaitForWorlds wait(*parts_.team);
    for (std::int64_t i = 0; size > 0 && i < steps * worlds * settings_.gradient_steps; ++i) {
      for (std::int64_t& slot : slots_) {
        const std::int64_t number =
            added - size + static_cast<std::int64_t>(batches_.below(static_cast<std::uint64_t>(size)));
        slot = number % replay_.capacity();
      }
      update();
    }
  }
  step_ += steps * worlds;
  return end_of_advance();
}

void Trainer::update() {
  if (!seen_.empty() && !std::isfinite(seen_.back().critic_loss + seen_.back().actor_loss)) return;
  seen_.push_back(parts_.learner->update(replay_, slots_, step_));
}

Status Trainer::end_of_advance() {
  if (replay_.size() == 0) {
    return Error{"no step of `" + skill_.name +
                 "` could be learnt from: " + parts_.collector->unstable_reason()};
  }
  for (const UpdateStatistics& seen : seen_) {
    if (!std::isfinite(seen.critic_loss)) return diverged("the critics' loss");
    if (!std::isfinite(seen.actor_loss)) return diverged("the policy's loss");
    statistics_.add(seen);
  }
  return {};
}

}  // namespace motet
