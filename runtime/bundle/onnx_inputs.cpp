#include "runtime/bundle/onnx_inputs.h"

#include <algorithm>
#include <set>

namespace motet {
namespace {

using Type = JointContract::Type;

// What a joint's coordinates are measured in: those of a free joint are first along the axes, then about
// them.
std::vector<std::string> joint_units(SignalKind kind, Type type) {
  const bool position = kind == SignalKind::qpos || kind == SignalKind::joint_pos;
  const bool speed = kind == SignalKind::qvel || kind == SignalKind::joint_vel;
  const std::string along = position ? "m" : speed ? "m/s" : "N";
  const std::string about = position ? "rad" : speed ? "rad/s" : "Nm";
  if (type == Type::slide) return {along};
  if (type == Type::hinge) return {about};
  std::vector<std::string> units;
  if (type == Type::free) units.assign(3, along);
  units.insert(units.end(), position ? 4 : 3, position ? "" : about);  // a quaternion has no unit
  return units;
}

// Of all coordinates of a signal that belongs to no joint.
std::string unit_of(SignalKind kind) {
  switch (kind) {
    case SignalKind::time:
      return "s";
    case SignalKind::body_pos:
    case SignalKind::site_pos:
    case SignalKind::com_pos:
      return "m";
    case SignalKind::body_roll:
    case SignalKind::body_pitch:
    case SignalKind::body_yaw:
      return "rad";
    case SignalKind::body_vel:
    case SignalKind::com_vel:
      return "m/s";
    case SignalKind::body_angvel:
      return "rad/s";
    case SignalKind::contact:
      return "N";
    default:
      return "";
  }
}

void describe_joint(const JointContract& joint, SignalKind kind, std::size_t first,
                    std::vector<InputCoordinate>& coordinates) {
  const std::vector<std::string> units = joint_units(kind, joint.type);
  for (std::size_t i = 0; i < units.size() && first + i < coordinates.size(); ++i)
    coordinates[first + i] = {units.size() == 1 ? joint.name : joint.name + "[" + std::to_string(i) + "]",
                              units[i]};
}

}  // namespace

std::vector<std::string> input_names(const InstructionProgram& program) {
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const SignalLoad& load : program.loads) {
    const SignalRef& signal = load.signal;
    std::string name =
        signal.kind == SignalKind::action ? "previous_action" : std::string(signal_name(signal.kind));
    for (const std::string& part : {signal.name, signal.other})
      if (!part.empty()) name += ":" + part;
    while (!taken.insert(name).second) name += "'";
    names.push_back(name);
  }
  return names;
}

std::vector<InputCoordinate> input_coordinates(const SignalRef& signal, const std::string& name,
                                               const Contract& contract) {
  std::vector<InputCoordinate> coordinates(signal.length, {name, unit_of(signal.kind)});
  for (std::size_t i = 0; signal.length > 1 && i < coordinates.size(); ++i)
    coordinates[i].name += "[" + std::to_string(i) + "]";
  const bool of_all = signal.kind == SignalKind::qpos || signal.kind == SignalKind::qvel;
  const bool of_one = signal.kind == SignalKind::joint_pos || signal.kind == SignalKind::joint_vel ||
                      signal.kind == SignalKind::joint_torque;
  for (const JointContract& joint : contract.joints) {
    const std::int64_t first = signal.kind == SignalKind::qpos ? joint.qpos : joint.qvel;
    if (of_all) describe_joint(joint, signal.kind, static_cast<std::size_t>(first), coordinates);
    if (of_one && joint.name == signal.name) describe_joint(joint, signal.kind, 0, coordinates);
  }
  if (signal.kind == SignalKind::action)
    for (std::size_t i = 0; i < std::min(coordinates.size(), contract.robot.action.size()); ++i)
      coordinates[i].name = contract.robot.action[i].name;
  return coordinates;
}

}  // namespace motet
