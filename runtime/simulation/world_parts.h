#pragma once

// What a world is put together from: its programs bound to its physics, and the scratch they use.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/instructions/action_map.h"
#include "runtime/instructions/evaluator.h"
#include "runtime/simulation/physics.h"

namespace motet {

// The signals of one program: the physics' by handle, the world's own by address.
class BoundSignals final : public SignalSource {
 public:
  explicit BoundSignals(const Physics& physics) : physics_(physics) {}

  void add_physics(int handle) { loads_.push_back({handle, {}}); }
  void add_values(std::span<const double> values) { loads_.push_back({-1, values}); }
  void read(std::size_t index, std::span<double> out) const override;
  // Whether a signal is read that only a refresh brings up to date.
  bool need_refresh() const;

 private:
  struct Load {
    int handle;  // negative: `values`
    std::span<const double> values;
  };
  const Physics& physics_;
  std::vector<Load> loads_;
};

// A program with its signals. Does not move: signals may point into the registers of another.
struct BoundProgram {
  BoundProgram(const InstructionProgram& program, const Physics& physics)
      : evaluator(program), signals(physics) {}
  BoundProgram(const BoundProgram&) = delete;
  BoundProgram& operator=(const BoundProgram&) = delete;

  Evaluator evaluator;
  BoundSignals signals;
};

// Where a reset's value goes.
struct BoundReset {
  int target = 0;
  bool add = false;
  Output value;
};

struct WorldParts {
  // The programs have been validated.
  WorldParts(const EnvironmentPlan& plan, const Physics& physics);

  BoundProgram reset, step;
  std::optional<BoundProgram> drive;
  bool drive_needs_refresh = false;
  std::vector<BoundReset> resets;
  int time = 0;  // a handle of the physics

  // Of the step program. A size of 0: the world has none.
  Output observation, reward, end, success;
  std::vector<Output> terms, part_rewards, measures;
  std::vector<Output> commands;  // of the drive program, one an actuator

  ActionMap action;
  std::vector<double> controls;  // in the actuators' units

  enum class Condition : std::uint8_t { running, failed_at_reset, failed };
  Condition condition = Condition::running;

  // One control step of the physics with that action.
  void advance(Physics& physics, Random& random);
};

// What the runtime relies on in a plan that came from a file.
Status check_programs(const EnvironmentPlan& plan);
// Binds all programs of a plan. The errors name the world and what does not fit.
Status bind_world(const EnvironmentPlan& plan, Physics& physics, WorldParts& parts);

}  // namespace motet
