#pragma once

// The limits of a robot, written into its model where MuJoCo can hold them, and enforced after
// each physics step where it cannot.

#include <mujoco/mujoco.h>

#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"

namespace motet {

// Keeps the velocity of a slide or hinge joint within [low, high]: what a step takes beyond is cut
// off, and the position moves by the velocity that is left,
//   v' = clip(v + a dt, low, high),  x' = x + v' dt.
struct VelocityLimit {
  int qpos = 0, dof = 0;
  double low = 0, high = 0;  // m/s or rad/s
};

// Tightens the model's joint ranges (and the control ranges of position and velocity servos on these
// joints) and its force ranges. `actuators`: the driven ones; a torque limit of a joint with several is
// shared equally among them. Returns the limits on velocity.
Result<std::vector<VelocityLimit>> apply_limits(mjModel& model, const RobotPlan& robot,
                                                const std::vector<int>& actuators);

// After an mj_step from the positions `before` [nq].
void enforce(const VelocityLimit& limit, const mjModel& model, mjData& data, const mjtNum* before);

}  // namespace motet
