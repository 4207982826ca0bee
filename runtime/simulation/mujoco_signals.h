#pragma once

// Signals of a MuJoCo model: bound once by name, then read as a copy or by a small kernel.

#include <mujoco/mujoco.h>

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/plan/result.h"
#include "compiler/plan/signal.h"

namespace motet {

// The derived quantities that a signal is read from; none for what is part of the state.
using Needs = std::uint8_t;
inline constexpr Needs needs_nothing = 0;
inline constexpr Needs needs_positions = 1;          // of bodies and sites
inline constexpr Needs needs_centres = 2;            // of mass; positions too
inline constexpr Needs needs_velocities = 4;         // of bodies; the two above too
inline constexpr Needs needs_centre_velocities = 8;  // of mass; the three above too
inline constexpr Needs needs_dynamics = 16;          // forces, contacts, sensors; all but the one above too

struct BoundSignal {
  enum class Kernel : std::uint8_t { copy, up, roll, pitch, yaw, velocity, angular_velocity, contact, com };
  Kernel kernel = Kernel::copy;
  Needs needs = needs_nothing;
  std::uint32_t length = 1;
  const mjtNum* source = nullptr;  // copy: the values; com: nbody x 3
  int id = -1, other = -1;         // the body, or the two geoms
};

// `trees`: the robot's children of the world, for its centre of mass.
Result<BoundSignal> bind_mujoco_signal(const mjModel& model, const mjData& data, const SignalRef& signal);
void read_mujoco_signal(const mjModel& model, const mjData& data, std::span<const int> trees,
                        const BoundSignal& signal, std::span<double> out);

}  // namespace motet
