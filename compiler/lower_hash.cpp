#include "compiler/lower_hash.h"

#include "compiler/plan/sha256.h"
#include "compiler/setting_value.h"
#include "language/text/number.h"

namespace motet {

namespace {

// Fields with their lengths, so that no two slices have the same bytes.
class Slice {
 public:
  void put(std::string_view field, std::string_view value) {
    hash_.update(field);
    hash_.update(" " + std::to_string(value.size()) + " ");
    hash_.update(value);
    hash_.update("\n");
  }
  void put(std::string_view field, double value) { put(field, format_number(value)); }
  void put(std::string_view field, std::int64_t value) { put(field, std::to_string(value)); }

  std::string hex() const { return hash_.hex(); }

 private:
  Sha256 hash_;
};

void put_robot(Slice& slice, const RobotPlan& robot) {
  slice.put("point", std::int64_t{robot.point_dimensions});
  slice.put("control_period", robot.control_period);
  for (const ActuatorPlan& actuator : robot.actuators) {
    slice.put("actuator", actuator.name);
    slice.put("low", actuator.low);
    slice.put("high", actuator.high);
  }
  for (const ActionCoordinate& coordinate : robot.action) {
    slice.put("action", coordinate.name);
    slice.put("low", coordinate.low);
    slice.put("high", coordinate.high);
  }
  if (robot.drive) slice.put("drive", to_text(*robot.drive));
  for (const LimitPlan& limit : robot.limits) {
    slice.put("limit", std::int64_t{static_cast<int>(limit.kind)});
    slice.put("joint", limit.joint);
    slice.put("low", limit.low);
    slice.put("high", limit.high);
  }
}

void put_environment(Slice& slice, const EnvironmentPlan& environment) {
  slice.put("model_hash", environment.model_hash);
  put_robot(slice, environment.robot);
  slice.put("horizon", environment.horizon);
  slice.put("reset", to_text(environment.reset));
  for (const ResetPlan& reset : environment.resets) {
    slice.put("target", signal_name(reset.target.kind));
    slice.put("name", reset.target.name);
    slice.put("offset", std::int64_t{reset.offset});
    slice.put("add", std::int64_t{reset.add});
    slice.put("value", std::int64_t{reset.value.reg});
  }
  slice.put("step", to_text(environment.step));
  for (const RewardTermPlan& term : environment.reward_terms) {
    slice.put("term", term.name);
    slice.put("weight", term.weight);
  }
  for (const MeasurePlan& measure : environment.measures) {
    slice.put("measure", measure.name);
    slice.put("over", std::int64_t{static_cast<int>(measure.over)});
  }
}

}  // namespace

std::string slice_hash(const Plan& plan, const SkillPlan& skill) {
  if (skill.kind == SkillPlan::Kind::imported) return skill.hash;
  Slice slice;
  slice.put("motet slice", std::int64_t{1});
  slice.put("skill", skill.name);
  slice.put("algorithm", skill.algorithm);
  slice.put("policy", skill.policy.kind);
  slice.put("composition", skill.composition);
  slice.put("hold", skill.hold);
  slice.put("latent", skill.latent);
  slice.put("prior", skill.prior);
  for (const Hyperparameter& value : skill.hyperparameters.all)
    if (value.key != "train.checkpoint_interval") slice.put(value.key, to_text(value.value));
  put_environment(slice, skill.environment);

  const auto put_lower = [&](std::string_view field, const std::string& name) {
    const SkillPlan* lower = name.empty() ? nullptr : plan.find(name);
    if (lower != nullptr) slice.put(field, lower->hash + lower->checkpoint);
  };
  put_lower("over", skill.over);
  put_lower("start_from", skill.start_from);
  for (const std::string& part : skill.parts) put_lower("part", part);
  return slice.hex();
}

}  // namespace motet
