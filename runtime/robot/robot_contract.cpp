#include "runtime/robot/robot_contract.h"

#include <algorithm>

#include "compiler/model/model.h"

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

}  // namespace

Result<Contract> robot_contract(const EnvironmentPlan& environment, const ModelRoots& roots) {
  Contract contract;
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
  return contract;
}

}  // namespace motet
