#pragma once

#include "compiler/plan/model_roots.h"
#include "runtime/bundle/contract.h"

namespace motet {

// What a contract says of the robot alone, from a world's plan and the robot's model: its robot, its drive's
// period, its joints and actuators. Errors: a model that cannot be read.
Result<Contract> robot_contract(const EnvironmentPlan& environment, const ModelRoots& roots);

}  // namespace motet
