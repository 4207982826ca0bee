#pragma once

#include <span>

#include "compiler/plan/program.h"
#include "runtime/bundle/onnx_graph.h"

namespace motet {

// What an operation that is no draw makes of its operands: as many numbers as the longest of them has, or, of
// a reduction, one. What is constant is computed at once, in double precision.
OnnxVector add_operation(OnnxGraph& graph, Op op, std::span<const OnnxVector> operands);

}  // namespace motet
