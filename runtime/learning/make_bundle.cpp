#include "runtime/learning/make_bundle.h"

#include <algorithm>

#include "compiler/model/model.h"
#include "compiler/plan/slice.h"
#include "runtime/learning/evaluation.h"
#include "runtime/learning/lower_layers.h"
#include "runtime/learning/trained_policy.h"

namespace motet {
namespace {

JointContract joint_contract(const JointInfo& joint) {
  return {.name = joint.name,
          .type = static_cast<JointContract::Type>(joint.type),
          .limited = joint.limited,
          .low = joint.low,
          .high = joint.high,
          .qpos = joint.qpos_address,
          .qvel = joint.dof_address};
}

// What the model says of an actuator, which goes by its joint's name where it has none.
ActuatorContract actuator_contract(const ActuatorPlan& actuator, const ModelInfo& model) {
  ActuatorContract contract;
  contract.name = actuator.name;
  contract.low = actuator.low;
  contract.high = actuator.high;
  const auto found =
      std::find_if(model.actuators.begin(), model.actuators.end(), [&](const ActuatorInfo& info) {
        return (info.name.empty() ? info.joint : info.name) == actuator.name;
      });
  if (found == model.actuators.end()) return contract;
  contract.joint = found->joint;
  contract.kind = static_cast<ActuatorContract::Kind>(found->kind);
  contract.gear = found->gear;
  contract.gain = found->gain;
  contract.damping = found->damping;
  return contract;
}

static_assert(static_cast<int>(JointInfo::Type::hinge) == static_cast<int>(JointContract::Type::hinge));
static_assert(static_cast<int>(ActuatorInfo::Kind::general) ==
              static_cast<int>(ActuatorContract::Kind::general));

// What it acts upon.
Status describe_robot(const EnvironmentPlan& environment, const ModelRoots& roots, Contract& contract) {
  contract.robot = environment.robot;
  contract.drive_period = environment.robot.control_period;
  const std::string& model = environment.scene.empty() ? environment.robot.model : environment.scene;
  ModelInfo info;
  if (!model.empty()) {
    const auto file = roots.resolve(model);
    if (!file) return file.error();
    const auto loaded = load_model(*file);
    if (!loaded) return loaded.error();
    info = describe(**loaded);
    if (environment.robot.drive) contract.drive_period = info.timestep;
  }
  for (const JointInfo& joint : info.joints) contract.joints.push_back(joint_contract(joint));
  for (const ActuatorPlan& actuator : environment.robot.actuators)
    contract.actuators.push_back(actuator_contract(actuator, info));
  return {};
}

Status add_layer(Bundle& bundle, const Plan& plan, const SkillPlan& skill, const SkillPlan& top,
                 TrainedPolicy policy) {
  LayerContract layer;
  layer.skill = skill.name;
  layer.policy = policy.shape;
  layer.hold = held_steps(plan, skill);
  layer.noise_set = static_cast<std::int64_t>(policy.noise.size()) / policy.shape.action_size;
  auto columns = observed_columns(skill, top.environment, top.name);
  if (!columns) return columns.error();
  layer.columns = std::move(*columns);
  bundle.contract.layers.push_back(std::move(layer));
  bundle.weights.push_back({std::move(policy.parameters), std::move(policy.noise)});
  return {};
}

}  // namespace

Result<Bundle> make_bundle(const Plan& plan, const SkillPlan& skill, const FolderOf& folder_of,
                           const ModelRoots& roots) {
  Bundle bundle;
  Contract& contract = bundle.contract;
  contract.skill = skill.name;
  contract.skill_hash = skill.hash;
  contract.program = plan.program;
  contract.program_hash = plan.program_hash;
  contract.world = skill.environment.world;
  contract.latent = skill.latent;
  contract.observe = slice(skill.environment.step, {"observation"});
  contract.observation_names = skill.environment.observation_names;
  contract.observation_units = skill.environment.observation_units;
  if (Status status = describe_robot(skill.environment, roots, contract); !status) return status.error();

  const Result<Archive> checkpoint = read_checkpoint(folder_of(skill.name), skill);
  if (!checkpoint) return checkpoint.error();
  const auto below = lower_layers_digest(plan, skill, folder_of);
  if (!below) return below.error();
  if (Status status = check_lower_layers(*checkpoint, skill, *below); !status) return status.error();
  const SkillPlan* one = &skill;
  for (std::size_t depth = 0; one != nullptr && depth <= plan.skills.size(); ++depth) {
    auto policy = read_policy(*one, folder_of(one->name));
    if (!policy) return policy.error();
    if (Status status = add_layer(bundle, plan, *one, skill, std::move(*policy)); !status)
      return status.error();
    one = one->over.empty() ? nullptr : plan.find(one->over);
  }
  return bundle;
}

}  // namespace motet
