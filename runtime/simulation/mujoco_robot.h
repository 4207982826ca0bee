#pragma once

// Which part of a scene is the robot: its actuators, and the kinematic trees that they move.

#include <mujoco/mujoco.h>

#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"

namespace motet {

// Indices of the driven actuators, in the plan's order. An actuator without a name goes by its
// joint's.
Result<std::vector<int>> find_actuators(const mjModel& model, const RobotPlan& robot);

// The children of the world whose trees hold a joint that one of `actuators` drives, directly or by
// a tendon; where there is none, every child of the world that can move. A puck is not the robot.
std::vector<int> robot_trees(const mjModel& model, const std::vector<int>& actuators);

}  // namespace motet
