#include "compiler/signal_units.h"

#include <algorithm>

namespace motet {

namespace {

using checking::Quantity;
namespace powers = checking::powers;

constexpr Quantity none = Quantity::number();  // directions, attitudes, actions
constexpr Quantity velocity = Quantity::in(powers::velocity);
constexpr Quantity turning = Quantity::in(powers::frequency, 2);
constexpr Quantity force = Quantity::in(powers::force);
constexpr Quantity torque = Quantity::in(powers::torque);

// Of a joint's position, velocity or torque: those of a free joint are first along the axes, then about
// them.
std::vector<Quantity> joint_units(SignalKind kind, JointInfo::Type type) {
  using Type = JointInfo::Type;
  const bool position = kind == SignalKind::joint_pos, speed = kind == SignalKind::joint_vel;
  const Quantity along = position ? si::metre : speed ? velocity : force;
  const Quantity about = position ? si::radian : speed ? turning : torque;
  if (type == Type::slide) return {along};
  if (type == Type::hinge) return {about};
  std::vector<Quantity> units;
  if (type == Type::free) units.assign(3, along);
  if (position)
    units.insert(units.end(), 4, none);  // a quaternion
  else
    units.insert(units.end(), 3, about);
  return units;
}

std::vector<Quantity> joint_units(const SignalRef& signal, const ModelInfo* model) {
  if (model == nullptr) return {};
  const auto joint = std::ranges::find(model->joints, signal.name, &JointInfo::name);
  if (joint == model->joints.end()) return {};
  return joint_units(signal.kind, joint->type);
}

// Of qpos or qvel.
std::vector<Quantity> state_units(const SignalRef& signal, const ModelInfo* model) {
  const bool position = signal.kind == SignalKind::qpos;
  if (model == nullptr) return std::vector<Quantity>(signal.length, position ? si::metre : velocity);
  std::vector<Quantity> units(signal.length);
  for (const JointInfo& joint : model->joints) {
    const auto own = joint_units(position ? SignalKind::joint_pos : SignalKind::joint_vel, joint.type);
    auto at = static_cast<std::size_t>(position ? joint.qpos_address : joint.dof_address);
    for (const Quantity& unit : own)
      if (at < units.size()) units[at++] = unit;
  }
  return units;
}

}  // namespace

std::vector<Quantity> signal_units(const SignalRef& signal, const ModelInfo* model) {
  std::vector<Quantity> units;
  const auto all = [&](const Quantity& unit) { units.assign(signal.length, unit); };
  switch (signal.kind) {
    case SignalKind::qpos:
    case SignalKind::qvel:
      units = state_units(signal, model);
      break;
    case SignalKind::joint_pos:
    case SignalKind::joint_vel:
    case SignalKind::joint_torque:
      units = joint_units(signal, model);
      break;
    case SignalKind::time:
      all(si::second);
      break;
    case SignalKind::action:
    case SignalKind::body_quat:
    case SignalKind::body_up:
      all(none);
      break;
    case SignalKind::body_pos:
    case SignalKind::site_pos:
    case SignalKind::com_pos:
      all(si::metre);
      break;
    case SignalKind::body_roll:
    case SignalKind::body_pitch:
    case SignalKind::body_yaw:
      all(si::radian);
      break;
    case SignalKind::body_vel:
    case SignalKind::com_vel:
      all(velocity);
      break;
    case SignalKind::body_angvel:
      all(turning);
      break;
    case SignalKind::contact:
      all(force);
      break;
    case SignalKind::sensor:
    case SignalKind::sample:
      break;
  }
  units.resize(signal.length);  // what is not known
  return units;
}

}  // namespace motet
