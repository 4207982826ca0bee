#pragma once

#include <cstdint>
#include <vector>

#include "compiler/plan/program.h"
#include "compiler/plan/result.h"
#include "runtime/bundle/onnx_graph.h"

namespace motet {

// The registers, in ascending order, that a program reads before it has written them, and writes later: what
// it remembers from one evaluation to the next.
std::vector<std::uint32_t> remembered_registers(const InstructionProgram& program);

// Evaluations on the same signals after which all that the compiler's programs remember is as at a reset,
// whatever it was before.
std::int64_t evaluations_to_settle(const InstructionProgram& program);

// The registers after an evaluation. `loads`: the signals, by the program's loads; `state`: the registers
// that it remembers, as they were. `size_limit`: bytes that the graph may have. Errors: the program draws
// random numbers; it is too large.
Result<OnnxVector> add_program(OnnxGraph& graph, const InstructionProgram& program,
                               const std::vector<OnnxVector>& loads, const OnnxVector& state,
                               std::size_t size_limit);

}  // namespace motet
