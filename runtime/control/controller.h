#pragma once

// A bundle at work: from what a robot measures to its controls, without clocks and without limits.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/bundle/bundle.h"
#include "runtime/execution/executor.h"
#include "runtime/instructions/action_map.h"
#include "runtime/instructions/evaluator.h"

namespace motet {

// What a bundle's program says of a step, where it has a reward.
struct Judgement {
  double reward = 0;  // of the action before
  bool end = false, success = false;
};

class Controller {
 public:
  // Errors: it observes what no robot measures (a sample that a world draws); it cannot be executed.
  static Result<std::unique_ptr<Controller>> make(const Bundle& bundle, const ExecutorOptions& options);
  ~Controller();

  const Contract& contract() const;
  // What it has to be told, each once: those of the observation, of the drive, and each actuator's joint,
  // position and velocity, where it has one.
  const std::vector<SignalRef>& signals() const;
  std::size_t signal_size() const;  // of all of them together
  // Ticks of a control step: the drive runs in each, the policy in the first.
  std::int64_t ticks_per_step() const;
  double tick_period() const;  // s

  // The first signals of a run: what remembers is filled with them.
  void begin(std::span<const double> signals) noexcept;
  // One tick: from all signals to the controls [actuators]. False where the policy's action is not a number;
  // then the controls stay as they are. Allocates nothing.
  bool tick(std::span<const double> signals, std::span<double> controls) noexcept;
  // The position and the velocity of an actuator's joint among the signals; negative where it has none.
  struct JointPlace {
    std::int64_t position = -1, velocity = -1;
  };
  const std::vector<JointPlace>& joints() const;

  std::span<const float> observation() const;  // [n], of the last step
  std::span<const float> action() const;       // [m], of the last step
  const Executor& executor() const;
  // Whether the policy acted in the last tick.
  bool stepped() const;
  // Of what was observed in the last step; zero where the program says nothing of it.
  Judgement judgement() const;
  // From here on actions are drawn uniformly, or by the policy again.
  void act_at_random(bool random);
  // From here on the top policy's noise is this [m].
  void set_latent(std::span<const float> latent);

 private:
  struct State;
  explicit Controller(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace motet
