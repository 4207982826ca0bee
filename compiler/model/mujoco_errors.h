#pragma once

// MuJoCo reports errors and warnings through two process-wide function pointers. Unless they are
// set, an error ends the process and both write a file MUJOCO_LOG.TXT.

#include <chrono>
#include <stdexcept>
#include <string>

namespace motet {

// Leaves MuJoCo's functions where MuJoCo would have ended the process. The mjData that was in use
// must be reset before it is used again.
class MujocoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// From here on an error in MuJoCo throws MujocoError, a warning is kept for take_mujoco_warnings(),
// and one allocation is limited to 4 GiB. Idempotent and thread-safe; load_model() calls it.
void install_mujoco_handlers();

// What MuJoCo warned of in this thread since the last call, one warning a line; empty if nothing.
std::string take_mujoco_warnings();

// While it lives, an error ends MuJoCo's engine in this thread once the time is up. The compiler
// simulates models with muscles, and MuJoCo 2.2 does so forever where such a simulation is unstable.
class MujocoDeadline {
 public:
  explicit MujocoDeadline(std::chrono::milliseconds time);
  ~MujocoDeadline();
  MujocoDeadline(const MujocoDeadline&) = delete;
  MujocoDeadline& operator=(const MujocoDeadline&) = delete;
};

}  // namespace motet
