#include "runtime/simulation/world.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "runtime/simulation/world_parts.h"

namespace motet {
namespace {

Result<std::unique_ptr<Physics>> make_physics(const EnvironmentPlan& plan, const ModelRoots& roots) {
  const std::string& model = plan.scene.empty() ? plan.robot.model : plan.scene;
  if (model.empty()) return make_point_physics(plan.robot);
  const Result<std::filesystem::path> file = roots.resolve(model);
  if (!file) return file.error();
  return make_mujoco_physics(file->string(), plan.robot);
}

Error in_world(const EnvironmentPlan& plan, const Error& error) {
  return Error{"world `" + plan.world + "`: " + error.message};
}

double over(MeasurePlan::Over how, double before, double now, std::int64_t step) {
  switch (how) {
    case MeasurePlan::Over::end:
      return now;
    case MeasurePlan::Over::mean:
      return before + (now - before) / static_cast<double>(step);
    case MeasurePlan::Over::max:
      return step == 1 ? now : std::max(before, now);
    case MeasurePlan::Over::min:
      return step == 1 ? now : std::min(before, now);
  }
  return now;
}

// What is learnt from is kept in float32.
bool fits_float(double x) {
  return std::isfinite(static_cast<float>(x));
}

}  // namespace

Result<std::unique_ptr<World>> World::make(const EnvironmentPlan& environment, const ModelRoots& roots,
                                           Random random) {
  if (Status valid = check_programs(environment); !valid) return in_world(environment, valid.error());
  Result<std::unique_ptr<Physics>> physics = make_physics(environment, roots);
  if (!physics) return in_world(environment, physics.error());
  auto parts = std::make_unique<WorldParts>(environment, **physics);
  if (Status bound = bind_world(environment, **physics, *parts); !bound)
    return in_world(environment, bound.error());
  return std::unique_ptr<World>(new World(environment, std::move(*physics), std::move(parts), random));
}

World::World(const EnvironmentPlan& environment, std::unique_ptr<Physics> physics,
             std::unique_ptr<WorldParts> parts, Random random)
    : environment_(environment),
      physics_(std::move(physics)),
      random_(random),
      observation_(static_cast<std::size_t>(environment.observation_size)),
      terms_(environment.reward_terms.size()),
      parts_(std::move(parts)) {
  episode_.term_sums.resize(environment.reward_terms.size());
  episode_.part_sums.resize(environment.part_rewards.size());
  episode_.measures.resize(environment.measures.size());
}

World::~World() = default;

double World::time() const {
  double time = 0;
  physics_->read(parts_->time, {&time, 1});
  return time;
}

std::span<const double> World::sample(std::size_t index) const {
  return parts_->reset.evaluator.output(environment_.samples[index]);
}

void World::reset() {
  WorldParts& parts = *parts_;
  episode_.length = 0;
  episode_.episode_return = 0;
  episode_.success = false;
  std::fill(episode_.term_sums.begin(), episode_.term_sums.end(), 0.0);
  std::fill(episode_.part_sums.begin(), episode_.part_sums.end(), 0.0);
  std::fill(episode_.measures.begin(), episode_.measures.end(), 0.0);
  std::fill(terms_.begin(), terms_.end(), 0.0);
  parts.action.rest();

  physics_->reset();
  physics_->refresh();
  parts.reset.evaluator.evaluate(parts.reset.signals, &random_);
  for (const BoundReset& reset : parts.resets) {
    physics_->assign(reset.target, parts.reset.evaluator.output(reset.value), reset.add);
  }
  physics_->refresh();
  if (parts.drive) parts.drive->evaluator.reset(parts.drive->signals, &random_);
  parts.step.evaluator.reset(parts.step.signals, &random_);
  // A world cannot refuse to begin: one that begins badly ends at its first step.
  const bool good = !physics_->unstable() && keep_observation();
  parts.condition = good ? WorldParts::Condition::running : WorldParts::Condition::failed_at_reset;
  if (!good) std::fill(observation_.begin(), observation_.end(), 0.0F);
}

void World::embed(std::unique_ptr<LowerLayers> below, std::int64_t hold, double discount) {
  below_ = std::move(below);
  hold_ = hold;
  discount_ = discount;
  robot_action_.resize(static_cast<std::size_t>(action_size()));
}

StepResult World::step(std::span<const float> action, const OnStep& on_step) {
  StepResult whole;
  double weight = 1;
  for (std::int64_t k = 0; k < hold_ && !whole.terminated && !whole.truncated; ++k, weight *= discount_) {
    if (below_) below_->act(observation_, action, k, robot_action_);
    const StepResult now = control_step(below_ ? robot_action_ : action);
    if (on_step) on_step(*this, now);
    whole.reward += weight * now.reward;
    whole.success = whole.success || now.success;
    whole.terminated = now.terminated;
    whole.truncated = now.truncated;
    whole.unstable = now.unstable;
  }
  return whole;
}

StepResult World::control_step(std::span<const float> action) {
  WorldParts& parts = *parts_;
  if (parts.condition == WorldParts::Condition::failed) return fail({});
  if (physics_->unstable()) return fail(physics_->reason());
  if (parts.condition == WorldParts::Condition::failed_at_reset)
    return fail("the first observation is not a number");
  if (!parts.action.take(action)) return fail("the action is not a number");
  parts.advance(*physics_, random_);
  if (physics_->unstable()) return fail(physics_->reason());
  parts.step.evaluator.evaluate(parts.step.signals, &random_);
  if (std::string wrong = wrong_result(); !wrong.empty()) return fail(std::move(wrong));
  if (!keep_observation()) return fail("the observation is not a number");
  return account();
}

// The name of a result that is not a number, or empty.
std::string World::wrong_result() const {
  const WorldParts& parts = *parts_;
  const auto is_wrong = [&](const Output& output) {
    return output.n != 0 && !std::isfinite(parts.step.evaluator.output(output)[0]);
  };
  for (const Output& term : parts.terms) {
    if (is_wrong(term))
      return "the reward term `" + term.name.substr(std::strlen("reward.")) + "` is not a number";
  }
  if (is_wrong(parts.reward)) return "the reward is not a number";
  if (parts.reward.n != 0 && !fits_float(parts.step.evaluator.output(parts.reward)[0]))
    return "the reward is too large for a float";
  for (const Output& measure : parts.measures) {
    if (is_wrong(measure))
      return "the measure `" + measure.name.substr(std::strlen("measure.")) + "` is not a number";
  }
  return {};
}

// Takes the observation over unless one of its values is not a number.
bool World::keep_observation() {
  const std::span<const double> values = parts_->step.evaluator.output(parts_->observation);
  if (!std::all_of(values.begin(), values.end(), fits_float)) return false;
  std::transform(values.begin(), values.end(), observation_.begin(),
                 [](double x) { return static_cast<float>(x); });
  return true;
}

StepResult World::account() {
  const WorldParts& parts = *parts_;
  const Evaluator& evaluator = parts.step.evaluator;
  const auto value = [&](const Output& output) { return output.n == 0 ? 0.0 : evaluator.output(output)[0]; };
  ++episode_.length;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    terms_[i] = value(parts.terms[i]);
    episode_.term_sums[i] += terms_[i];
  }
  for (std::size_t i = 0; i < episode_.part_sums.size(); ++i)
    episode_.part_sums[i] += value(parts.part_rewards[i]);
  for (std::size_t i = 0; i < episode_.measures.size(); ++i) {
    double& measure = episode_.measures[i];
    measure = over(environment_.measures[i].over, measure, value(parts.measures[i]), episode_.length);
  }
  StepResult result;
  result.reward = value(parts.reward);
  result.success = value(parts.success) != 0;
  result.terminated = value(parts.end) != 0;
  result.truncated =
      !result.terminated && environment_.horizon > 0 && episode_.length >= environment_.horizon;
  episode_.episode_return += result.reward;
  episode_.success = episode_.success || result.success;
  return result;
}

// The step counts and brings nothing. Counted and explained once an episode.
StepResult World::fail(std::string reason) {
  if (parts_->condition != WorldParts::Condition::failed) {
    parts_->condition = WorldParts::Condition::failed;
    ++episode_.length;
    ++unstable_episodes_;
    unstable_reason_ = std::move(reason);
    std::fill(terms_.begin(), terms_.end(), 0.0);
  }
  StepResult result;
  result.terminated = true;
  result.unstable = true;
  return result;
}

}  // namespace motet
