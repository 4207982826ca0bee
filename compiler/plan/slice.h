#pragma once

#include <string>
#include <vector>

#include "compiler/plan/program.h"

namespace motet {

// What a program computes for these of its outputs, and nothing else: a robot that acts has no use for
// rewards. Outputs that the program does not have are left out. Its registers keep their numbers, so that
// every value is the one that the whole program computes.
InstructionProgram slice(const InstructionProgram& program, const std::vector<std::string>& outputs);

}  // namespace motet
