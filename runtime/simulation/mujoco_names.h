#pragma once

// Finds the elements of a MuJoCo model by name. An error lists the names that exist.

#include <mujoco/mujoco.h>

#include <string>

#include "compiler/plan/result.h"

namespace motet {

Result<int> find_element(const mjModel& model, mjtObj type, const std::string& name);

// The element's name, or "#3" for one without.
std::string element_name(const mjModel& model, mjtObj type, int id);

// "joint `knee`" for the joint that moves degree of freedom `dof`, or that `qpos` belongs to.
std::string joint_of_dof(const mjModel& model, int dof);
std::string joint_of_qpos(const mjModel& model, int qpos);

// The number of coordinates of a joint's position and velocity.
int qpos_size(const mjModel& model, int joint);
int dof_size(const mjModel& model, int joint);

}  // namespace motet
