#pragma once

// An episode of a robot in a world: resets, steps, observations, rewards, ends.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/model_roots.h"
#include "compiler/plan/plan.h"
#include "runtime/archive/archive.h"
#include "runtime/instructions/evaluator.h"
#include "runtime/instructions/random.h"
#include "runtime/simulation/physics.h"

namespace motet {

struct StepResult {
  double reward = 0;        // of a step that is held: summed with discount
  bool terminated = false;  // by `end`, or because the simulation became unstable: no bootstrapping
  bool truncated = false;   // by the horizon: bootstraps
  bool success = false;     // in this step
  bool unstable = false;    // a simulator warning or a NaN: the transition must not be learnt from
};

// What a world has in it beside the robot, for a skill that stands over others: those below it, which make
// of its action, a latent, one of the robot's (Alg. 4).
class LowerLayers {
 public:
  virtual ~LowerLayers() = default;
  // The robot's action [m] in control step `step`, 0 <= step < hold, of those for which the latent [m] is
  // held. `observation` [n]: the world's. Allocates nothing.
  virtual void act(std::span<const float> observation, std::span<const float> latent, std::int64_t step,
                   std::span<float> action) = 0;
};

struct WorldParts;  // evaluators, signal bindings, scratch

// What an episode came to. Reset with it.
struct EpisodeSummary {
  std::int64_t length = 0;
  double episode_return = 0;
  bool success = false;           // `success` held in at least one step
  std::vector<double> term_sums;  // by EnvironmentPlan::reward_terms
  std::vector<double> part_sums;  // by EnvironmentPlan::part_rewards
  std::vector<double> measures;   // by EnvironmentPlan::measures
};

// Not thread-safe; several worlds may step in parallel threads. Allocates only when made.
class World {
 public:
  // `environment` outlives the world.
  static Result<std::unique_ptr<World>> make(const EnvironmentPlan& environment, const ModelRoots& roots,
                                             Random random);
  ~World();

  int observation_size() const { return environment_.observation_size; }
  int action_size() const { return static_cast<int>(environment_.robot.action.size()); }
  const EnvironmentPlan& plan() const { return environment_; }

  // From now on a step is `hold` control steps of the layers below, or fewer at an episode's end. Its reward
  // is theirs, sum_k discount^k r_k; what an episode came to counts control steps, as its horizon does.
  void embed(std::unique_ptr<LowerLayers> below, std::int64_t hold, double discount);

  // Called after each control step.
  using OnStep = std::function<void(const World&, const StepResult&)>;

  void reset();
  // `action` in [-1, 1], m coordinates; what lies outside is clipped. Over other layers: a latent.
  StepResult step(std::span<const float> action, const OnStep& on_step = {});
  // [observation_size], after the last step or reset.
  std::span<const float> observation() const { return observation_; }
  const EpisodeSummary& episode() const { return episode_; }
  // The value of each reward term in the last step, unweighted.
  std::span<const double> reward_terms() const { return terms_; }
  std::int64_t unstable_episodes() const { return unstable_episodes_; }
  // Why the last unstable episode ended.
  const std::string& unstable_reason() const { return unstable_reason_; }

  void save(Archive& archive, const std::string& prefix) const;
  Status restore(const Archive& archive, const std::string& prefix);

  const Physics& physics() const { return *physics_; }
  Physics& physics() { return *physics_; }
  double time() const;  // s since the reset
  // The values drawn at the last reset, by EnvironmentPlan::samples.
  std::span<const double> sample(std::size_t index) const;

 private:
  World(const EnvironmentPlan& environment, std::unique_ptr<Physics> physics,
        std::unique_ptr<WorldParts> parts, Random random);
  StepResult control_step(std::span<const float> action);
  std::string wrong_result() const;
  bool keep_observation();
  StepResult account();
  StepResult fail(std::string reason);

  const EnvironmentPlan& environment_;
  std::unique_ptr<Physics> physics_;
  Random random_;
  std::vector<float> observation_;
  EpisodeSummary episode_;
  std::vector<double> terms_;
  std::int64_t unstable_episodes_ = 0;
  std::string unstable_reason_;
  std::unique_ptr<WorldParts> parts_;
  std::unique_ptr<LowerLayers> below_;
  std::int64_t hold_ = 1;
  double discount_ = 1;
  std::vector<float> robot_action_;  // of the layers below
};

}  // namespace motet
