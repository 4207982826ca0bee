#include "compiler/plan/slice.h"

#include <algorithm>

#include "compiler/plan/arithmetic.h"

namespace motet {
namespace {

// Registers whose values count, whenever they are written: what is kept may be more than is needed where a
// register is used twice, and is never less.
class Needed {
 public:
  explicit Needed(const InstructionProgram& program) : program_(program), marks_(program.registers, false) {}

  void mark(std::size_t first, std::size_t n) {
    for (std::size_t i = first; i < first + n; ++i) {
      changed_ = changed_ || !marks_[i];
      marks_[i] = true;
    }
  }

  bool any(std::size_t first, std::size_t n) const {
    const auto begin = marks_.begin() + static_cast<std::ptrdiff_t>(first);
    return std::find(begin, begin + static_cast<std::ptrdiff_t>(n), true) !=
           begin + static_cast<std::ptrdiff_t>(n);
  }

  bool writes(const Instruction& code) const {
    return any(code.dst, op_shape(code.op) == OpShape::reduction ? 1 : code.n);
  }

  // Marks what the marked ones are computed from, until there is nothing more.
  void close() {
    do {
      changed_ = false;
      for (auto code = program_.code.rbegin(); code != program_.code.rend(); ++code)
        if (writes(*code)) mark_operands(*code);
      for (const Carry& carry : program_.carries)
        if (any(carry.to, carry.n)) mark(carry.from, carry.n);
      for (const History& history : program_.histories) {
        const std::size_t whole = std::size_t{history.n} * history.count;
        if (!any(history.to, whole)) continue;
        mark(history.to, whole);
        mark(history.from, history.n);
      }
    } while (changed_);
  }

 private:
  void mark_operands(const Instruction& code) {
    const auto mark_operand = [&](const Operand& operand) {
      mark(operand.reg, operand.stride == 0 ? 1 : code.n);
    };
    if (code.op == Op::draw_choice) {
      mark(code.c.reg, 1);
      // As many options as there are: a constant of the program, or all that could be.
      const auto count = std::find_if(program_.constants.begin(), program_.constants.end(),
                                      [&](const Constant& constant) { return constant.reg == code.c.reg; });
      const std::size_t most = (program_.registers - code.a.reg) / std::size_t{code.n};
      const double options = count == program_.constants.end() ? static_cast<double>(most) : count->value;
      return mark(code.a.reg, code.n * std::min(most, static_cast<std::size_t>(std::max(options, 1.0))));
    }
    mark_operand(code.a);
    if (takes_b(code.op)) mark_operand(code.b);
    if (takes_c(code.op)) mark_operand(code.c);
  }

  const InstructionProgram& program_;
  std::vector<bool> marks_;
  bool changed_ = false;
};

}  // namespace

InstructionProgram slice(const InstructionProgram& program, const std::vector<std::string>& outputs) {
  Needed needed(program);
  InstructionProgram part;
  part.registers = program.registers;
  part.reset_passes = program.reset_passes;
  for (const std::string& name : outputs) {
    const Output* output = program.find(name);
    if (output == nullptr) continue;
    part.outputs.push_back(*output);
    needed.mark(output->reg, output->n);
  }
  needed.close();
  for (const Constant& constant : program.constants)
    if (needed.any(constant.reg, 1)) part.constants.push_back(constant);
  for (const SignalLoad& load : program.loads)
    if (needed.any(load.reg, load.signal.length)) part.loads.push_back(load);
  for (const Instruction& code : program.code)
    if (needed.writes(code)) part.code.push_back(code);
  for (const Carry& carry : program.carries)
    if (needed.any(carry.to, carry.n)) part.carries.push_back(carry);
  for (const History& history : program.histories)
    if (needed.any(history.to, std::size_t{history.n} * history.count)) part.histories.push_back(history);
  return part;
}

}  // namespace motet
