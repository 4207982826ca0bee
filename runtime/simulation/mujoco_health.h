#pragma once

// Whether a MuJoCo simulation can still be believed.

#include <mujoco/mujoco.h>

#include <string>

namespace motet {

// What MuJoCo has warned of since the last reset, or empty. (It resets the state by
// itself after a bad number, and keeps the count of that warning alone.)
std::string warning_of(const mjModel& model, const mjData& data);

// Which position or velocity is not a number, or beyond what MuJoCo takes for one; or empty.
std::string bad_number_of(const mjModel& model, const mjData& data);

}  // namespace motet
