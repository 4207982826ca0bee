#pragma once

// Expressions compiled to instructions over a flat file of registers (doubles). Evaluated by
// runtime/instructions/evaluator.h without allocation.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "compiler/plan/signal.h"

namespace motet {

// n is the instruction's length. Operands step through their registers with stride 1, or stay
// with stride 0 (a scalar against a vector). Truth is 1 or 0; anything but 0 is true.
enum class Op : std::uint8_t {
  copy,  // d[i] = a[i]
  neg,
  logical_not,
  abs,
  sign,
  sqrt,
  exp,
  log,
  sin,
  cos,
  tan,
  tanh,
  floor,
  wrap,  // a's angle in (-pi, pi]
  add,
  sub,
  mul,
  div,
  pow,
  atan2,
  min,
  max,  // d[i] = a[i] op b[i]
  lt,
  le,
  gt,
  ge,
  eq,
  ne,
  logical_and,
  logical_or,
  select,  // d[i] = a[i] ? b[i] : c[i]
  sum,
  mean,
  min_of,
  max_of,
  norm,          // d[0] = op over a[0..n)
  dot,           // d[0] = sum of a[i] * b[i]
  draw_uniform,  // d[i] ~ U(a[i], b[i])
  draw_normal,   // d[i] ~ N(a[i], b[i]^2), b the standard deviation
  draw_choice,   // d[0..n) = one of the c-register's count of
                 // options, each n long, that follow each other from a
};

std::string_view op_name(Op op);

struct Operand {
  std::uint32_t reg = 0;
  std::uint32_t stride = 0;
  friend bool operator==(const Operand&, const Operand&) = default;
};

struct Instruction {
  Op op{};
  std::uint32_t n = 1;
  std::uint32_t dst = 0;
  Operand a = {}, b = {}, c = {};
  friend bool operator==(const Instruction&, const Instruction&) = default;
};

// Registers that a signal is copied to before the code runs.
struct SignalLoad {
  SignalRef signal;
  std::uint32_t reg = 0;
  friend bool operator==(const SignalLoad&, const SignalLoad&) = default;
};

struct Constant {
  std::uint32_t reg = 0;
  double value = 0;
  friend bool operator==(const Constant&, const Constant&) = default;
};

// `previous(E)`: after the code has run, E's registers are copied to those that stand for the
// previous value. At a reset the previous value is the current one.
struct Carry {
  std::uint32_t from = 0, to = 0, n = 1;
  friend bool operator==(const Carry&, const Carry&) = default;
};

// `last COUNT { E }`: COUNT blocks of n registers, the oldest first. Each evaluation shifts them by
// one block and appends E. At a reset every block is the current E.
struct History {
  std::uint32_t from = 0, to = 0, n = 1, count = 1;
  friend bool operator==(const History&, const History&) = default;
};

// A named result.
struct Output {
  std::string name;
  std::uint32_t reg = 0;
  std::uint32_t n = 1;
  friend bool operator==(const Output&, const Output&) = default;
};

struct InstructionProgram {
  std::uint32_t registers = 0;
  std::vector<Constant> constants;
  std::vector<SignalLoad> loads;
  std::vector<Instruction> code;
  std::vector<Carry> carries;
  std::vector<History> histories;
  std::uint32_t reset_passes = 1;  // evaluations that fill carries and histories at a reset
  std::vector<Output> outputs;

  const Output* find(std::string_view name) const;
  friend bool operator==(const InstructionProgram&, const InstructionProgram&) = default;
};

inline constexpr std::size_t max_registers = 1'000'000;
inline constexpr std::size_t max_instructions = 1'000'000;

// Stable text, a line an item, which parse_program reads back; `motet compile --emit reward` shows it.
std::string to_text(const InstructionProgram& program);
// Refuses what could read or write outside the registers, and more than 1 M registers or
// instructions.
Result<InstructionProgram> parse_program(std::string_view text);
// The same checks on a program that came by another way.
Status validate(const InstructionProgram& program);

}  // namespace motet
