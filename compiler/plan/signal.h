#pragma once

// What a program can read of a world: the vocabulary that compiler and runtime share.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motet {

// Lengths in brackets; SI units; world frame; as they are after the control step.
enum class SignalKind : std::uint8_t {
  time,          // [1] s since the reset
  qpos,          // [nq]
  qvel,          // [nv]
  action,        // [m] what the policy asked for, in [-1, 1]; zero at the reset
  joint_pos,     // [1] m or rad; a ball joint [4], a free joint [7]
  joint_vel,     // [1] m/s or rad/s; a ball joint [3], a free joint [6]
  joint_torque,  // [1] N or Nm that the actuators apply; a ball joint [3], a free joint [6]
  body_pos,      // [3] m
  body_quat,     // [4] w x y z
  body_up,       // [3] the body's z axis
  body_roll,     // [1] rad
  body_pitch,    // [1] rad
  body_yaw,      // [1] rad
  body_vel,      // [3] m/s
  body_angvel,   // [3] rad/s
  site_pos,      // [3] m
  sensor,        // [dim]
  contact,       // [1] N, the norm of the normal forces between two geoms (`name`, `other`)
  com_pos,       // [3] m, of the whole robot
  com_vel,       // [3] m/s
  sample,        // [length] drawn at the reset
};

// The spelling in plans: "body.pos", "qpos".
std::string_view signal_name(SignalKind kind);
std::optional<SignalKind> find_signal(std::string_view name);

struct SignalRef {
  SignalKind kind{};
  std::string name = {};   // the body, joint, site, sensor, geom or sample; else empty
  std::string other = {};  // the second geom of a contact
  std::uint32_t length = 1;

  friend auto operator<=>(const SignalRef&, const SignalRef&) = default;
};

}  // namespace motet
