#pragma once

// Episodes of a policy in a world, and their statistics. No LibTorch in this header.

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/engine/policy_inference.h"
#include "runtime/simulation/world.h"

namespace motet {

// An observation in, an action in [-1, 1] out, or, over other layers, a latent.
class Actor {
 public:
  virtual ~Actor() = default;
  virtual void act(std::span<const float> observation, std::span<float> action) = 0;
  // An episode begins.
  virtual void begin() {}
};

std::unique_ptr<Actor> make_zero_actor();
std::unique_ptr<Actor> make_random_actor(Random random);  // uniform in [-1, 1]
std::unique_ptr<Actor> make_constant_actor(std::vector<float> action);

struct ActorOptions {
  bool sample = false;              // even where there is a mean action
  bool latent_per_episode = false;  // the policy's noise is drawn once an episode
  std::vector<float> latent = {};   // or it is this, always
};
// Acts by a policy, which outlives it.
std::unique_ptr<Actor> make_actor(PolicyInference& policy, const ActorOptions& options, Random random);
// The policy of a trained skill from its folder, with the mean action or sampled; or with its noise, the
// latent that a skill above would act on, always the same [m].
Result<std::unique_ptr<Actor>> load_actor(const SkillPlan& skill, const std::filesystem::path& folder,
                                          bool sample, std::uint64_t seed, std::vector<float> latent = {});

// A policy that sees some of the numbers: `columns` of the observation, in its own order.
std::unique_ptr<Actor> make_seeing(std::unique_ptr<Actor> actor, std::vector<std::int64_t> columns);
// Where the numbers that `part` sees stand in the observation of an environment in which the skill `whole`
// acts. Errors: one is not there.
Result<std::vector<std::int64_t>> observed_columns(const SkillPlan& part, const EnvironmentPlan& environment,
                                                   const std::string& whole);

struct Statistic {
  std::string name;
  double mean = 0, deviation = 0;  // standard deviation over episodes, n - 1
};

struct EvaluationResult {
  std::int64_t episodes = 0;
  Statistic episode_return, length;
  bool has_success = false;
  double success_rate = 0;
  std::vector<Statistic> measures;
  std::vector<Statistic> reward_terms, part_rewards;  // sums over an episode
  std::int64_t unstable_episodes = 0;
  std::vector<EpisodeSummary> each;
};

EvaluationResult evaluate(World& world, Actor& actor, std::int64_t episodes,
                          const World::OnStep& on_step = {});

}  // namespace motet
