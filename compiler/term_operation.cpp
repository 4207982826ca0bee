// Operations: their lengths, and what is known of them before the program runs.

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "compiler/plan/arithmetic.h"
#include "compiler/term.h"

namespace motet {
namespace {

bool is_constant(const Term& term) {
  return term.kind == Term::Kind::constant;
}

// Whether every element is this number, with this sign.
bool is_all(const Term& term, double number) {
  return is_constant(term) && std::all_of(term.values.begin(), term.values.end(), [&](double value) {
           return value == number && std::signbit(value) == std::signbit(number);
         });
}

double element(const Term& term, std::uint32_t i) {
  return term.values[term.length == 1 ? 0 : i];
}

std::vector<double> fold(const TermTable& table, Op op, const std::vector<TermId>& args,
                         std::uint32_t length) {
  const Term& a = table[args[0]];
  const Term& b = table[args.size() > 1 ? args[1] : args[0]];
  const Term& c = table[args.size() > 2 ? args[2] : args[0]];
  const auto at_a = [&](std::uint32_t i) { return element(a, i); };
  const auto at_b = [&](std::uint32_t i) { return element(b, i); };
  if (op_shape(op) == OpShape::reduction) {
    return {reduce(op, std::max(a.length, b.length), at_a, at_b)};
  }
  std::vector<double> values(length);
  for (std::uint32_t i = 0; i < length; ++i)
    values[i] = apply(op, element(a, i), element(b, i), element(c, i));
  return values;
}

// The argument that the operation always gives, if it is one; every identity holds bit for bit.
std::optional<TermId> identity(const TermTable& table, Op op, const std::vector<TermId>& args) {
  const auto is = [&](std::size_t i, double number) { return is_all(table[args[i]], number); };
  switch (op) {
    case Op::copy:
      return args[0];
    case Op::neg: {
      const Term& arg = table[args[0]];
      if (arg.kind == Term::Kind::operation && arg.op == Op::neg) return arg.args[0];
      return std::nullopt;
    }
    case Op::add:
      if (is(1, -0.0)) return args[0];
      if (is(0, -0.0)) return args[1];
      return std::nullopt;
    case Op::sub:
      return is(1, 0.0) ? std::optional(args[0]) : std::nullopt;
    case Op::mul:
      if (is(1, 1)) return args[0];
      if (is(0, 1)) return args[1];
      return std::nullopt;
    case Op::div:
    case Op::pow:
      return is(1, 1) ? std::optional(args[0]) : std::nullopt;
    case Op::min:
    case Op::max:
      return args[0] == args[1] ? std::optional(args[0]) : std::nullopt;
    case Op::select:
      if (args[1] == args[2]) return args[1];
      if (is_constant(table[args[0]]) && table[args[0]].length == 1) {
        return table[args[0]].values[0] != 0 ? args[1] : args[2];
      }
      return std::nullopt;
    case Op::sum:
    case Op::mean:
    case Op::min_of:
    case Op::max_of:
      return table[args[0]].length == 1 ? std::optional(args[0]) : std::nullopt;
    default:
      return std::nullopt;
  }
}

// The same by a cheaper operation: x ^ 2, and reductions of a single number.
Op cheaper(const TermTable& table, Op op, std::vector<TermId>& args) {
  if (op == Op::pow && is_all(table[args[1]], 2)) {
    args[1] = args[0];
    return Op::mul;
  }
  if (op == Op::norm && table[args[0]].length == 1) return Op::abs;
  if (op == Op::dot && table[args[0]].length == 1 && table[args[1]].length == 1) return Op::mul;
  return op;
}

}  // namespace

TermId TermTable::operation(Op op, std::vector<TermId> args) {
  assert(op_shape(op) != OpShape::draw && args.size() == static_cast<std::size_t>(operand_count(op)));
  std::uint32_t length = 1;
  bool constant_args = true;
  for (const TermId arg : args) {
    length = std::max(length, terms_[arg].length);
    constant_args = constant_args && is_constant(terms_[arg]);
  }
  for ([[maybe_unused]] const TermId arg : args) {
    assert(terms_[arg].length == 1 || terms_[arg].length == length);
  }
  const std::optional<TermId> same = identity(*this, op, args);
  const std::uint32_t result = op_shape(op) == OpShape::reduction ? 1 : length;
  if (same && terms_[*same].length == result) return *same;

  Term term{.length = result};
  term.boolean = gives_truth(op) || (op == Op::select && terms_[args[1]].boolean && terms_[args[2]].boolean);
  if (constant_args) {
    term.kind = Term::Kind::constant;
    term.values = fold(*this, op, args, result);
    return add(std::move(term));
  }
  term.kind = Term::Kind::operation;
  term.op = cheaper(*this, op, args);
  term.args = std::move(args);
  return add(std::move(term));
}

}  // namespace motet
