#pragma once

// What stands between a controller and a robot.

#include <span>
#include <vector>

#include "compiler/plan/result.h"
#include "compiler/plan/signal.h"
#include "runtime/bundle/contract.h"
#include "runtime/control/watch.h"

namespace motet {

class Link {
 public:
  virtual ~Link() = default;

  // Before anything moves: whether the robot gives these signals and takes the contract's controls. What it
  // cannot do is refused, by name.
  virtual Status configure(const Contract& contract, const std::vector<SignalRef>& signals) = 0;
  // Becomes the robot's master. Refused while it has another, or says nothing.
  virtual Status activate() = 0;
  virtual void deactivate() noexcept = 0;

  // The newest values of all signals, one after another, and the age of the oldest of them, s. False where
  // some have never come. Real-time safe.
  virtual bool read(std::span<double> values, double& age) noexcept = 0;
  // Controls, in the actuators' own units and the contract's order. Real-time safe.
  virtual void write(std::span<const double> controls) noexcept = 0;
  // Why the robot has to rest at once: an emergency stop that somebody asked for, another master; else
  // StopReason::none. Real-time safe.
  virtual StopReason stop_requested() noexcept = 0;
};

}  // namespace motet
