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
#include "runtime/simulation/world.h"

namespace motet {

// An observation in, an action in [-1, 1] out.
class Actor {
 public:
  virtual ~Actor() = default;
  virtual void act(std::span<const float> observation, std::span<float> action) = 0;
};

std::unique_ptr<Actor> make_zero_actor();
std::unique_ptr<Actor> make_random_actor(Random random);  // uniform in [-1, 1]
// The policy of a trained skill from its folder, with the mean action or sampled.
Result<std::unique_ptr<Actor>> load_actor(const SkillPlan& skill, const std::filesystem::path& folder,
                                          bool sample, std::uint64_t seed);

// A policy that sees some of the numbers: `columns` of the observation, in its own order.
std::unique_ptr<Actor> make_seeing(std::unique_ptr<Actor> actor, std::vector<std::int64_t> columns);
// Where the numbers that `part` sees stand in the observation of `whole`. Errors: one is not there.
Result<std::vector<std::int64_t>> observed_columns(const SkillPlan& part, const SkillPlan& whole);

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
                          const std::function<void(const World&, const StepResult&)>& on_step = {});

}  // namespace motet
