#include "runtime/instructions/evaluator.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "compiler/plan/arithmetic.h"

namespace motet {
namespace {

using Registers = double*;

template <Op op, typename A, typename B, typename C>
[[gnu::always_inline]] inline void loop(std::size_t n, double* d, A a, B b, C c) {
  for (std::size_t i = 0; i < n; ++i) d[i] = apply(op, a(i), b(i), c(i));
}

// op is a constant in every call: what is left is the loop of one operation, with its own code for
// operands that step and for those that stay. A number alone has no loop.
template <Op op>
[[gnu::always_inline]] inline void elementwise(const Instruction& code, Registers r) {
  double* const d = r + code.dst;
  const double* const a = r + code.a.reg;
  const double* const b = r + code.b.reg;
  const double* const c = r + code.c.reg;
  if (code.n == 1) {
    *d = apply(op, *a, *b, *c);
    return;
  }
  const auto steps = [](const double* from) { return [from](std::size_t i) { return from[i]; }; };
  const auto stays = [](double value) { return [value](std::size_t) { return value; }; };
  const bool a_steps = code.a.stride == 1, b_steps = code.b.stride == 1;
  if constexpr (operand_count(op) == 1) {
    if (a_steps) return loop<op>(code.n, d, steps(a), stays(0), stays(0));
  } else if constexpr (operand_count(op) == 2) {
    if (a_steps && b_steps) return loop<op>(code.n, d, steps(a), steps(b), stays(0));
    if (a_steps) return loop<op>(code.n, d, steps(a), stays(*b), stays(0));
    if (b_steps) return loop<op>(code.n, d, stays(*a), steps(b), stays(0));
  }
  const std::size_t a_step = code.a.stride, b_step = code.b.stride, c_step = code.c.stride;
  for (std::size_t i = 0; i < code.n; ++i) d[i] = apply(op, a[i * a_step], b[i * b_step], c[i * c_step]);
}

template <Op op>
void reduction(const Instruction& code, Registers r) {
  const double* const a = r + code.a.reg;
  const double* const b = r + (op == Op::dot ? code.b.reg : code.a.reg);
  const std::size_t a_step = code.a.stride, b_step = op == Op::dot ? code.b.stride : a_step;
  const auto at_a = [&](std::uint32_t i) { return a[i * a_step]; };
  const auto at_b = [&](std::uint32_t i) { return b[i * b_step]; };
  r[code.dst] = reduce(op, code.n, at_a, at_b);
}

// How many options there are: a constant of the program, but registers can be restored from a file.
std::uint64_t choices(double count, std::size_t registers, const Instruction& code) {
  const double most = static_cast<double>((registers - code.a.reg) / code.n);
  return static_cast<std::uint64_t>(count >= 1 ? std::min(count, most) : 1);
}

void draw(const Instruction& code, std::span<double> registers, Random& random) {
  double* const r = registers.data();
  double* const d = r + code.dst;
  const double* const a = r + code.a.reg;
  const double* const b = r + code.b.reg;
  const std::size_t a_step = code.a.stride, b_step = code.b.stride;
  if (code.op == Op::draw_choice) {
    const std::uint64_t chosen = random.below(choices(r[code.c.reg], registers.size(), code));
    std::copy_n(a + chosen * code.n, code.n, d);
    return;
  }
  for (std::size_t i = 0; i < code.n; ++i) {
    const double first = a[i * a_step], second = b[i * b_step];
    d[i] = code.op == Op::draw_uniform ? random.uniform(first, second) : first + second * random.normal();
  }
}

}  // namespace

Evaluator::Evaluator(const InstructionProgram& program) : program_(program), registers_(program.registers) {
  assert(validate(program));
  for (const Constant& constant : program.constants) registers_[constant.reg] = constant.value;
}

void Evaluator::evaluate(const SignalSource& source, Random* random) {
  run(source, random);
  double* const r = registers_.data();
  // Histories may take what the carries are about to replace.
  for (const History& each : program_.histories) {
    const std::size_t kept = std::size_t{each.n} * (each.count - 1);
    std::memmove(r + each.to, r + each.to + each.n, kept * sizeof(double));
    std::memmove(r + each.to + kept, r + each.from, each.n * sizeof(double));
  }
  for (const Carry& each : program_.carries) {
    std::memmove(r + each.to, r + each.from, each.n * sizeof(double));
  }
}

void Evaluator::reset(const SignalSource& source, Random* random) {
  double* const r = registers_.data();
  for (std::uint32_t pass = 0; pass < program_.reset_passes; ++pass) {
    run(source, random);
    for (const History& each : program_.histories) {
      for (std::uint32_t i = 0; i < each.count; ++i) {
        std::memmove(r + each.to + std::size_t{i} * each.n, r + each.from, each.n * sizeof(double));
      }
    }
    for (const Carry& each : program_.carries) {
      std::memmove(r + each.to, r + each.from, each.n * sizeof(double));
    }
  }
}

void Evaluator::run(const SignalSource& source, Random* random) {
  double* const r = registers_.data();
  for (std::size_t i = 0; i < program_.loads.size(); ++i) {
    const SignalLoad& load = program_.loads[i];
    source.read(i, {r + load.reg, load.signal.length});
  }
  for (const Instruction& code : program_.code) {
    switch (code.op) {
#define MOTET_ELEMENTWISE(op)     \
  case Op::op:                    \
    elementwise<Op::op>(code, r); \
    break;
      MOTET_ELEMENTWISE(copy)
      MOTET_ELEMENTWISE(neg)
      MOTET_ELEMENTWISE(logical_not)
      MOTET_ELEMENTWISE(abs)
      MOTET_ELEMENTWISE(sign)
      MOTET_ELEMENTWISE(sqrt)
      MOTET_ELEMENTWISE(exp)
      MOTET_ELEMENTWISE(log)
      MOTET_ELEMENTWISE(sin)
      MOTET_ELEMENTWISE(cos)
      MOTET_ELEMENTWISE(tan)
      MOTET_ELEMENTWISE(tanh)
      MOTET_ELEMENTWISE(floor)
      MOTET_ELEMENTWISE(wrap)
      MOTET_ELEMENTWISE(add)
      MOTET_ELEMENTWISE(sub)
      MOTET_ELEMENTWISE(mul)
      MOTET_ELEMENTWISE(div)
      MOTET_ELEMENTWISE(pow)
      MOTET_ELEMENTWISE(atan2)
      MOTET_ELEMENTWISE(min)
      MOTET_ELEMENTWISE(max)
      MOTET_ELEMENTWISE(lt)
      MOTET_ELEMENTWISE(le)
      MOTET_ELEMENTWISE(gt)
      MOTET_ELEMENTWISE(ge)
      MOTET_ELEMENTWISE(eq)
      MOTET_ELEMENTWISE(ne)
      MOTET_ELEMENTWISE(logical_and)
      MOTET_ELEMENTWISE(logical_or)
      MOTET_ELEMENTWISE(select)
#undef MOTET_ELEMENTWISE
      case Op::sum:
        reduction<Op::sum>(code, r);
        break;
      case Op::mean:
        reduction<Op::mean>(code, r);
        break;
      case Op::min_of:
        reduction<Op::min_of>(code, r);
        break;
      case Op::max_of:
        reduction<Op::max_of>(code, r);
        break;
      case Op::norm:
        reduction<Op::norm>(code, r);
        break;
      case Op::dot:
        reduction<Op::dot>(code, r);
        break;
      case Op::draw_uniform:
      case Op::draw_normal:
      case Op::draw_choice:
        assert(random);
        draw(code, registers_, *random);
        break;
    }
  }
}

}  // namespace motet
