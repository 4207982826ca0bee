#pragma once

// From where a model is looked at.

#include <mujoco/mujoco.h>

#include <span>
#include <string>

#include "compiler/plan/result.h"

namespace motet {

// The model's camera of that name; without a name its camera `main`, or else a free one: it follows a
// robot whose base moves, and shows the whole scene of one whose base is fixed. `data`: positions
// up to date. `trees`: the robot's children of the world.
Result<mjvCamera> choose_camera(const mjModel& model, const mjData& data, std::span<const int> trees,
                                const std::string& name);

}  // namespace motet
