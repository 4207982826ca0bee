// An evaluation of a program with numbers of a graph in its registers, as runtime/instructions/evaluator.cpp
// does it with values.

#include "runtime/bundle/onnx_program.h"

#include <algorithm>

#include "compiler/plan/arithmetic.h"
#include "runtime/bundle/onnx_operation.h"

namespace motet {
namespace {

std::size_t written_by(const Instruction& code) {
  return op_shape(code.op) == OpShape::reduction ? 1 : code.n;
}

std::vector<Operand> operands_of(const Instruction& code) {
  std::vector<Operand> operands = {code.a};
  if (takes_b(code.op)) operands.push_back(code.b);
  if (takes_c(code.op)) operands.push_back(code.c);
  return operands;
}

// Which registers an evaluation reads and writes, in its order.
class Accesses {
 public:
  explicit Accesses(const InstructionProgram& program)
      : written_(program.registers, false), read_first_(program.registers, false) {
    for (const SignalLoad& load : program.loads) write(load.reg, load.signal.length);
    for (const Instruction& code : program.code) {
      for (const Operand& operand : operands_of(code)) read(operand.reg, operand.stride == 0 ? 1 : code.n);
      write(code.dst, written_by(code));
    }
    for (const History& each : program.histories) {
      const std::size_t kept = std::size_t{each.n} * (each.count - 1);
      read(each.to + std::size_t{each.n}, kept);
      read(each.from, each.n);
      write(each.to, kept + each.n);
    }
    for (const Carry& each : program.carries) {
      read(each.from, each.n);
      write(each.to, each.n);
    }
    for (const Output& output : program.outputs) read(output.reg, output.n);
  }

  bool remembers(std::size_t reg) const { return written_[reg] && read_first_[reg]; }

 private:
  void read(std::size_t first, std::size_t n) {
    for (std::size_t i = first; i < first + n; ++i)
      if (!written_[i]) read_first_[i] = true;
  }
  void write(std::size_t first, std::size_t n) {
    for (std::size_t i = first; i < first + n; ++i) written_[i] = true;
  }

  std::vector<bool> written_, read_first_;
};

class Registers {
 public:
  explicit Registers(std::size_t count) : numbers_(count) {}

  void set(std::size_t reg, const OnnxVector& numbers) { std::copy(numbers.begin(), numbers.end(), at(reg)); }
  OnnxVector get(std::size_t reg, std::size_t n) { return {at(reg), at(reg + n)}; }
  // Of the result of an instruction: a single number is that of all.
  void fill(std::size_t reg, std::size_t n, const OnnxVector& numbers) {
    set(reg, numbers.size() == 1 ? OnnxVector(n, numbers[0]) : numbers);
  }
  // What an operand reads.
  OnnxVector get(const Operand& operand, const Instruction& code) {
    if (operand.stride == 1) return get(operand.reg, code.n);
    return OnnxVector(op_shape(code.op) == OpShape::reduction ? code.n : 1, numbers_[operand.reg]);
  }
  OnnxVector take() { return std::move(numbers_); }

 private:
  OnnxVector::iterator at(std::size_t reg) { return numbers_.begin() + static_cast<std::ptrdiff_t>(reg); }

  OnnxVector numbers_;
};

void move_on(const InstructionProgram& program, Registers& registers) {
  for (const History& each : program.histories) {
    const std::size_t kept = std::size_t{each.n} * (each.count - 1);
    registers.set(each.to, registers.get(each.to + std::size_t{each.n}, kept));
    registers.set(each.to + kept, registers.get(each.from, each.n));
  }
  for (const Carry& each : program.carries) registers.set(each.to, registers.get(each.from, each.n));
}

}  // namespace

std::vector<std::uint32_t> remembered_registers(const InstructionProgram& program) {
  const Accesses accesses(program);
  std::vector<std::uint32_t> registers;
  for (std::uint32_t reg = 0; reg < program.registers; ++reg)
    if (accesses.remembers(reg)) registers.push_back(reg);
  return registers;
}

// What lies behind no other state has settled after as many as the longest history keeps; then what lies
// behind that; and there are reset_passes - 1 of them, one behind the other.
std::int64_t evaluations_to_settle(const InstructionProgram& program) {
  std::int64_t longest = 1;
  for (const History& each : program.histories) longest = std::max<std::int64_t>(longest, each.count);
  return (std::int64_t{program.reset_passes} - 1) * longest;
}

Result<OnnxVector> add_program(OnnxGraph& graph, const InstructionProgram& program,
                               const std::vector<OnnxVector>& loads, const OnnxVector& state,
                               std::size_t size_limit) {
  Registers registers(program.registers);
  for (const Constant& each : program.constants) registers.set(each.reg, {{OnnxNumber::none, 0, each.value}});
  const std::vector<std::uint32_t> remembered = remembered_registers(program);
  for (std::size_t i = 0; i < remembered.size(); ++i) registers.set(remembered[i], {state[i]});
  for (std::size_t i = 0; i < loads.size(); ++i) registers.set(program.loads[i].reg, loads[i]);
  for (const Instruction& code : program.code) {
    if (op_shape(code.op) == OpShape::draw)
      return Error{"what it observes is drawn at random (`" + std::string(op_name(code.op)) +
                   "`), and a model draws nothing"};
    std::vector<OnnxVector> operands;
    for (const Operand& operand : operands_of(code)) operands.push_back(registers.get(operand, code));
    registers.fill(code.dst, written_by(code), add_operation(graph, code.op, operands));
    if (graph.size() > size_limit) return Error{"what it observes takes too many operators"};
  }
  move_on(program, registers);
  return registers.take();
}

}  // namespace motet
