#pragma once

// Between a control, in its actuator's unit, and what that asks of a joint: what goes over the wire.

#include "runtime/bundle/contract.h"

namespace motet {

// How much of the joint one unit of the control is: an effort (N or Nm), a position (m or rad) or a velocity
// (m/s or rad/s). 1 for what moves no joint, and for actuators of another kind.
inline double joint_scale(const ActuatorContract& actuator) {
  if (actuator.joint.empty() || actuator.gear == 0) return 1;
  switch (actuator.kind) {
    case ActuatorContract::Kind::effort:
      return actuator.gain == 0 ? 1 : actuator.gear * actuator.gain;
    case ActuatorContract::Kind::position:
    case ActuatorContract::Kind::velocity:
      return 1 / actuator.gear;
    case ActuatorContract::Kind::general:
      break;
  }
  return 1;
}

}  // namespace motet
