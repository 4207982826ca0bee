#include "compiler/plan/program.h"

#include <iterator>

#include "compiler/plan/op_names.h"

namespace motet {
namespace {

// By Op.
constexpr std::string_view names[] = {
    "copy", "neg",    "not",    "abs",   "sign",  "sqrt",         "exp",         "log",
    "sin",  "cos",    "tan",    "tanh",  "floor", "wrap",         "add",         "sub",
    "mul",  "div",    "pow",    "atan2", "min",   "max",          "lt",          "le",
    "gt",   "ge",     "eq",     "ne",    "and",   "or",           "select",      "sum",
    "mean", "min_of", "max_of", "norm",  "dot",   "draw_uniform", "draw_normal", "draw_choice",
};
static_assert(std::size(names) == static_cast<std::size_t>(Op::draw_choice) + 1);

}  // namespace

std::string_view op_name(Op op) {
  return names[static_cast<std::size_t>(op)];
}

std::optional<Op> find_op(std::string_view name) {
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (names[i] == name) return static_cast<Op>(i);
  }
  return std::nullopt;
}

const Output* InstructionProgram::find(std::string_view name) const {
  for (const Output& output : outputs) {
    if (output.name == name) return &output;
  }
  return nullptr;
}

}  // namespace motet
