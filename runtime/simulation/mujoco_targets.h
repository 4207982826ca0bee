#pragma once

// What a reset can set in a MuJoCo model, bound once by name.

#include <mujoco/mujoco.h>

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/plan/result.h"
#include "compiler/plan/signal.h"

namespace motet {

// One number of the model or its state: value = *address * scale + shift.
struct TargetNumber {
  mjtNum* address = nullptr;
  double scale = 1, shift = 0;
};

struct BoundTarget {
  std::vector<TargetNumber> numbers;
  mjtNum* quaternion = nullptr;  // normalised after an assignment
  // A ball joint's quaternion is relative to its body's: value = frame * *ball.
  const mjtNum* frame = nullptr;
  mjtNum* ball = nullptr;
  std::uint32_t offset = 0, length = 0;  // of what is assigned, where there is a `ball`
};

Result<BoundTarget> bind_mujoco_target(mjModel& model, mjData& data, const SignalRef& target,
                                       std::uint32_t offset, std::uint32_t length);
void assign_mujoco_target(const BoundTarget& target, std::span<const double> values, bool add);

}  // namespace motet
