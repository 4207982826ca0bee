#pragma once

// What the signals that a contract loads are called in a model, and what their coordinates are.

#include <string>
#include <vector>

#include "runtime/bundle/contract.h"

namespace motet {

// "qpos", "joint.pos:hip", "contact:foot:floor", by the loads of the program; each once. The signal `action`
// goes by "previous_action", as a model's output has its name.
std::vector<std::string> input_names(const InstructionProgram& program);

struct InputCoordinate {
  std::string name;  // that of its joint, or of its actuator, or none of its own: "body.pos:torso[2]"
  std::string unit;  // SI; "" where it has none or it is not known
};

// Of a signal that goes by `name`.
std::vector<InputCoordinate> input_coordinates(const SignalRef& signal, const std::string& name,
                                               const Contract& contract);

}  // namespace motet
