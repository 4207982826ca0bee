#include "runtime/simulation/mujoco_limits.h"

#include <algorithm>
#include <cmath>

#include "runtime/simulation/mujoco_names.h"

namespace motet {
namespace {

struct Range {
  double low, high;
};

// Narrows a range of the model; one that did not hold before is set. (The type of the flag differs
// between versions of MuJoCo.)
template <typename Flag>
void tighten(Flag& limited, mjtNum range[2], Range by) {
  range[0] = limited ? std::max(range[0], by.low) : by.low;
  range[1] = limited ? std::min(range[1], by.high) : by.high;
  if (range[0] > range[1]) range[0] = range[1] = std::clamp(range[0], by.low, by.high);
  limited = 1;
}

bool drives_joint(const mjModel& model, int actuator, int joint) {
  const int type = model.actuator_trntype[actuator];
  return (type == mjTRN_JOINT || type == mjTRN_JOINTINPARENT) && model.actuator_trnid[2 * actuator] == joint;
}

// The joint's range in the actuator's own unit, which a gear scales and may turn round.
Range through_gear(const mjModel& model, int actuator, Range range, bool force) {
  const double gear = model.actuator_gear[6 * actuator];
  const double low = force ? range.low / gear : range.low * gear;
  const double high = force ? range.high / gear : range.high * gear;
  return {std::min(low, high), std::max(low, high)};
}

// An affine actuator whose force is gain * (control - x): x its length (1) or its velocity (2).
bool is_servo(const mjModel& model, int actuator, int of) {
  if (model.actuator_biastype[actuator] != mjBIAS_AFFINE) return false;
  const mjtNum gain = model.actuator_gainprm[mjNGAIN * actuator];
  return gain != 0 && model.actuator_biasprm[mjNBIAS * actuator + of] == -gain;
}

void tighten_servos(mjModel& model, const std::vector<int>& actuators, int joint, Range range, int of) {
  for (const int actuator : actuators) {
    if (!drives_joint(model, actuator, joint) || !is_servo(model, actuator, of)) continue;
    tighten(model.actuator_ctrllimited[actuator], model.actuator_ctrlrange + 2 * actuator,
            through_gear(model, actuator, range, false));
  }
}

void limit_torque(mjModel& model, const std::vector<int>& actuators, int joint, Range range) {
  const auto drivers = std::count_if(actuators.begin(), actuators.end(),
                                     [&](int actuator) { return drives_joint(model, actuator, joint); });
  for (const int actuator : actuators) {
    if (!drives_joint(model, actuator, joint)) continue;
    if (model.actuator_gear[6 * actuator] == 0) continue;
    const double share = 1.0 / static_cast<double>(drivers);
    tighten(model.actuator_forcelimited[actuator], model.actuator_forcerange + 2 * actuator,
            through_gear(model, actuator, {range.low * share, range.high * share}, true));
  }
}

bool has_one_axis(const mjModel& model, int joint) {
  return model.jnt_type[joint] == mjJNT_HINGE || model.jnt_type[joint] == mjJNT_SLIDE;
}

void apply(mjModel& model, const LimitPlan& limit, int joint, const std::vector<int>& actuators,
           std::vector<VelocityLimit>& velocities) {
  const Range range{limit.low, limit.high};
  switch (limit.kind) {
    case LimitPlan::Kind::joint_pos:
      tighten(model.jnt_limited[joint], model.jnt_range + 2 * joint, range);
      tighten_servos(model, actuators, joint, range, 1);
      break;
    case LimitPlan::Kind::joint_vel:
      velocities.push_back({model.jnt_qposadr[joint], model.jnt_dofadr[joint], range.low, range.high});
      tighten_servos(model, actuators, joint, range, 2);
      break;
    case LimitPlan::Kind::joint_torque:
      limit_torque(model, actuators, joint, range);
      break;
    case LimitPlan::Kind::action_rate:
      break;  // the world's
  }
}

}  // namespace

Result<std::vector<VelocityLimit>> apply_limits(mjModel& model, const RobotPlan& robot,
                                                const std::vector<int>& actuators) {
  std::vector<VelocityLimit> velocities;
  for (const LimitPlan& limit : robot.limits) {
    if (limit.kind == LimitPlan::Kind::action_rate) continue;
    if (limit.joint.empty()) {
      for (int joint = 0; joint < model.njnt; ++joint) {
        if (has_one_axis(model, joint)) apply(model, limit, joint, actuators, velocities);
      }
      continue;
    }
    const Result<int> joint = find_element(model, mjOBJ_JOINT, limit.joint);
    if (!joint) return joint.error();
    if (!has_one_axis(model, *joint)) {
      return Error{"a limit holds for a slide or hinge joint, and `" + limit.joint + "` is neither"};
    }
    apply(model, limit, *joint, actuators, velocities);
  }
  return velocities;
}

void enforce(const VelocityLimit& limit, const mjModel& model, mjData& data, const mjtNum* before) {
  const double dt = model.opt.timestep;
  mjtNum& velocity = data.qvel[limit.dof];
  mjtNum& position = data.qpos[limit.qpos];
  const bool exceeded = velocity < limit.low || velocity > limit.high;
  if (exceeded) velocity = std::clamp(velocity, limit.low, limit.high);
  const double start = before[limit.qpos];
  if (model.opt.integrator == mjINT_RK4) {  // moves by the mean velocity of its stages
    const double moved = position - start;
    if (moved < limit.low * dt || moved > limit.high * dt) {
      position = start + std::clamp(moved, limit.low * dt, limit.high * dt);
    }
  } else if (exceeded) {
    position = start + velocity * dt;
  }
}

}  // namespace motet
