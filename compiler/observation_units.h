#pragma once

#include <string>
#include <vector>

#include "compiler/graph.h"

namespace motet {

// The SI unit of each coordinate of an environment's observation: "m", "rad/s"; empty where it has none,
// or where it is not known. A factor that is a constant keeps a unit, even one that was written with a unit
// of its own, which terms do not have: 0.1 * qvel is in rad/s. `model` is what the world loads, null for the
// point; `control_period`, in s, is what rate() divides by.
std::vector<std::string> observation_units(const Environment& environment, const ModelInfo* model,
                                           double control_period);

}  // namespace motet
