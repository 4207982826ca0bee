#pragma once

// Runs an InstructionProgram. Allocates when it is made, never after; real-time safe.

#include <span>
#include <vector>

#include "compiler/plan/program.h"
#include "runtime/instructions/random.h"

namespace motet {

// Where a program's signals come from: a simulated world, or a robot.
class SignalSource {
 public:
  virtual ~SignalSource() = default;
  // Copies the signal of the program's load number `index` to out.
  virtual void read(std::size_t index, std::span<double> out) const = 0;
};

class Evaluator {
 public:
  // `program` has been validated, and outlives the evaluator.
  explicit Evaluator(const InstructionProgram& program);

  // Loads the signals and runs the code once. `random` is needed by programs that draw.
  void evaluate(const SignalSource& source, Random* random = nullptr);
  // As at a reset: fills the carries and histories with the present values.
  void reset(const SignalSource& source, Random* random = nullptr);

  std::span<const double> output(const Output& output) const {
    return {registers_.data() + output.reg, output.n};
  }
  // Registers hold everything a program remembers: saving them saves it.
  std::span<double> registers() { return registers_; }

 private:
  void run(const SignalSource& source, Random* random);

  const InstructionProgram& program_;
  std::vector<double> registers_;
};

}  // namespace motet
