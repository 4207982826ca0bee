#include <algorithm>
#include <utility>

#include "runtime/learning/evaluation.h"
#include "runtime/learning/trained_policy.h"

namespace motet {
namespace {

class ZeroActor : public Actor {
 public:
  void act(std::span<const float>, std::span<float> action) override {
    std::fill(action.begin(), action.end(), 0.0f);
  }
};

class ConstantActor : public Actor {
 public:
  explicit ConstantActor(std::vector<float> action) : action_(std::move(action)) {}
  void act(std::span<const float>, std::span<float> action) override {
    std::copy(action_.begin(), action_.end(), action.begin());
  }

 private:
  std::vector<float> action_;
};

class RandomActor : public Actor {
 public:
  explicit RandomActor(const Random& random) : random_(random) {}
  void act(std::span<const float>, std::span<float> action) override { random_.fill_uniform(action, -1, 1); }

 private:
  Random random_;
};

class PolicyActor : public Actor {
 public:
  PolicyActor(PolicyInference& policy, const ActorOptions& options, const Random& random)
      : policy_(policy), options_(options), random_(random) {}

  void begin() override { latent_.clear(); }

  void act(std::span<const float> observation, std::span<float> action) override {
    if (!options_.latent.empty()) return policy_.act(observation, options_.latent, action);
    if (!options_.sample && policy_.mean(observation, action)) return;
    if (!options_.latent_per_episode) return policy_.sample(observation, random_, action);
    if (latent_.empty()) {
      latent_.resize(action.size());
      policy_.draw(random_, latent_);
    }
    policy_.act(observation, latent_, action);
  }

 private:
  PolicyInference& policy_;
  ActorOptions options_;
  std::vector<float> latent_;  // the episode's
  Random random_;
};

// A policy with its parameters.
class LoadedActor : public Actor {
 public:
  LoadedActor(TrainedPolicy policy, const ActorOptions& options, const Random& random)
      : trained_(std::move(policy)),
        policy_(make_inference(trained_.shape, std::as_const(trained_.parameters).values())),
        actor_(*policy_, options, random) {
    policy_->use_noise(trained_.noise);
  }

  void begin() override { actor_.begin(); }
  void act(std::span<const float> observation, std::span<float> action) override {
    actor_.act(observation, action);
  }

 private:
  TrainedPolicy trained_;
  std::unique_ptr<PolicyInference> policy_;
  PolicyActor actor_;
};

class SeeingActor : public Actor {
 public:
  SeeingActor(std::unique_ptr<Actor> actor, std::vector<std::int64_t> columns)
      : actor_(std::move(actor)), columns_(std::move(columns)), seen_(columns_.size()) {}
  void act(std::span<const float> observation, std::span<float> action) override {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      seen_[i] = observation[static_cast<std::size_t>(columns_[i])];
    actor_->act(seen_, action);
  }
  void begin() override { actor_->begin(); }

 private:
  std::unique_ptr<Actor> actor_;
  std::vector<std::int64_t> columns_;
  std::vector<float> seen_;
};

}  // namespace

std::unique_ptr<Actor> make_seeing(std::unique_ptr<Actor> actor, std::vector<std::int64_t> columns) {
  return std::make_unique<SeeingActor>(std::move(actor), std::move(columns));
}

Result<std::vector<std::int64_t>> observed_columns(const SkillPlan& part, const EnvironmentPlan& environment,
                                                   const std::string& whole) {
  const auto& seen = environment.observation_names;
  std::vector<std::int64_t> columns;
  for (const std::string& name : part.environment.observation_names) {
    const auto found = std::find(seen.begin(), seen.end(), name);
    if (found == seen.end())
      return Error{"`" + part.name + "` sees `" + name + "`, which `" + whole + "` in `" + environment.world +
                   "` does not"};
    columns.push_back(found - seen.begin());
  }
  return columns;
}

std::unique_ptr<Actor> make_zero_actor() {
  return std::make_unique<ZeroActor>();
}

std::unique_ptr<Actor> make_constant_actor(std::vector<float> action) {
  return std::make_unique<ConstantActor>(std::move(action));
}

std::unique_ptr<Actor> make_random_actor(Random random) {
  return std::make_unique<RandomActor>(random);
}

std::unique_ptr<Actor> make_actor(PolicyInference& policy, const ActorOptions& options, Random random) {
  return std::make_unique<PolicyActor>(policy, options, random);
}

Result<std::unique_ptr<Actor>> load_actor(const SkillPlan& skill, const std::filesystem::path& folder,
                                          bool sample, std::uint64_t seed, std::vector<float> latent) {
  auto policy = read_policy(skill, folder);
  if (!policy) return policy.error();
  return std::unique_ptr<Actor>(std::make_unique<LoadedActor>(
      std::move(*policy), ActorOptions{sample, skill.latent == "episode", std::move(latent)}, Random(seed)));
}

}  // namespace motet
