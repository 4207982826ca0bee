// Operators, vectors and conditions.

#include <array>
#include <cmath>

#include "compiler/check/elaborator.h"
#include "compiler/check/mix.h"

namespace motet::checking {

namespace {

struct OperatorWord {
  std::string_view text;
  Op op;
};
constexpr std::array arithmetic_words = {OperatorWord{"+", Op::add}, OperatorWord{"-", Op::sub},
                                         OperatorWord{"*", Op::mul}, OperatorWord{"/", Op::div},
                                         OperatorWord{"^", Op::pow}};
constexpr std::array comparison_words = {OperatorWord{"<", Op::lt},  OperatorWord{"<=", Op::le},
                                         OperatorWord{">", Op::gt},  OperatorWord{">=", Op::ge},
                                         OperatorWord{"==", Op::eq}, OperatorWord{"!=", Op::ne}};

const OperatorWord* find(std::span<const OperatorWord> words, std::string_view text) {
  for (const OperatorWord& word : words)
    if (word.text == text) return &word;
  return nullptr;
}

}  // namespace

Value Elaborator::literal(const Expr& e, const Frame& f) {
  if (e.unit.empty()) return checked(constant_value(e.value), e, f);
  const auto unit = find_unit(e.unit);
  if (!unit) return Value::unknown_number();  // the parser has said so
  const auto powers = powers_of(unit->dimension);
  if (!powers) {
    return complain({.code = Code::M0406,
                     .message = "a number of steps is not a value",
                     .primary = {e.unit_span, ""},
                     .help = {"`time` is in seconds"}},
                    f);
  }
  return checked(constant_value(e.value * unit->to_si, {powers, true, false}), e, f);
}

Value Elaborator::vector(const Expr& e, const Frame& f) {
  std::vector<Value> parts;
  for (const Expr& child : e.children) parts.push_back(number_operand(child, f));
  return checked(concatenated(parts, e.span), e, f);
}

Value Elaborator::unary(const Expr& e, const Frame& f) {
  if (e.text == "not") {
    const Value value = expression(e.children[0], f);
    if (!is_truth(value, e.children[0], f)) return Value::unknown();
    if (!value.known()) return Value::unknown_truth();
    Value result = apply(Op::logical_not, {value.term}, value.length);
    result.type = Value::Type::truth;
    mix_nonlinear(result, {&value});
    return checked(result, e, f);
  }
  const Value value = number_operand(e.children[0], f);
  if (!value.known()) return Value::unknown_number();
  Value result = apply(Op::neg, {value.term}, value.length, value.quantity);
  result.draws = value.draws;
  result.mix = value.mix ? mix_scaled(value.mix, -1) : nullptr;
  return checked(result, e, f);
}

// A chain of operators leans to the left, and may be long: it is walked, not recursed into.
Value Elaborator::binary(const Expr& e, const Frame& f) {
  std::vector<const Expr*> chain;
  const Expr* left = &e;
  for (; left->kind == Expr::Kind::binary; left = &left->children[0]) chain.push_back(left);
  Value value = expression(*left, f);
  for (auto link = chain.rbegin(); link != chain.rend(); ++link)
    value = combine(**link, value, expression((*link)->children[1], f), f);
  return value;
}

Value Elaborator::combine(const Expr& e, const Value& a, const Value& b, const Frame& f) {
  if (const OperatorWord* word = find(arithmetic_words, e.text)) return arithmetic(e, word->op, a, b, f);
  if (const OperatorWord* word = find(comparison_words, e.text)) return compare(e, word->op, a, b, f);
  const bool left = is_truth(a, e.children[0], f);
  if (!is_truth(b, e.children[1], f) || !left) return Value::unknown();
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_truth();
  Value result = apply(e.text == "and" ? Op::logical_and : Op::logical_or, {a.term, b.term}, *length);
  result.type = Value::Type::truth;
  mix_nonlinear(result, {&a, &b});
  return checked(result, e, f);
}

Value Elaborator::arithmetic(const Expr& e, Op op, const Value& a, const Value& b, const Frame& f) {
  const bool left = is_number(a, e.children[0], f);
  if (!is_number(b, e.children[1], f) || !left) return Value::unknown();
  const bool additive = op == Op::add || op == Op::sub;
  if (additive && !units_agree(e, a, e.children[0], b, e.children[1], f)) return Value::unknown();
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_number();

  const std::vector<double>* a_constant = constant(a);
  const std::vector<double>* b_constant = constant(b);
  const bool b_scalar = b_constant != nullptr && b_constant->size() == 1;
  Quantity quantity;
  if (additive) quantity = joined(a.quantity, b.quantity);
  if (op == Op::mul) quantity = product(a.quantity, b.quantity);
  if (op == Op::div) quantity = quotient(a.quantity, b.quantity);
  if (op == Op::pow && b_scalar) quantity = raised(a.quantity, (*b_constant)[0]);

  const bool square = op == Op::pow && b_scalar && (*b_constant)[0] == 2;
  Value result = square ? apply(Op::mul, {a.term, a.term}, *length, quantity)
                        : apply(op, {a.term, b.term}, *length, quantity);
  result.draws = a.draws || b.draws;
  if (a.mix || b.mix) {
    const bool a_scalar = a_constant != nullptr && a_constant->size() == 1;
    if (additive)
      result.mix = mix_sum(a.mix, b.mix, op == Op::add ? 1 : -1);
    else if (op == Op::mul && b_scalar)
      result.mix = mix_scaled(a.mix, (*b_constant)[0]);
    else if (op == Op::mul && a_scalar)
      result.mix = mix_scaled(b.mix, (*a_constant)[0]);
    else if (op == Op::div && b_scalar)
      result.mix = mix_scaled(a.mix, 1 / (*b_constant)[0]);
    else
      mix_nonlinear(result, {&a, &b});
  }
  return checked(result, e, f);
}

Value Elaborator::compare(const Expr& e, Op op, const Value& a, const Value& b, const Frame& f) {
  const bool equality = op == Op::eq || op == Op::ne;
  const bool truths = equality && a.type == Value::Type::truth && b.type == Value::Type::truth;
  if (!truths) {
    const bool left = is_number(a, e.children[0], f);
    if (!is_number(b, e.children[1], f) || !left) return Value::unknown();
  }
  if (!units_agree(e, a, e.children[0], b, e.children[1], f)) return Value::unknown();
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_truth();
  Value result = apply(op, {a.term, b.term}, *length);
  result.type = Value::Type::truth;
  mix_nonlinear(result, {&a, &b});
  return checked(result, e, f);
}

Value Elaborator::conditional(const Expr& e, const Frame& f) {
  const Expr& a_text = e.children[0];
  const Expr& condition_text = e.children[1];
  const Expr& b_text = e.children[2];
  const Value a = expression(a_text, f);
  const Value condition = expression(condition_text, f);
  const Value b = expression(b_text, f);
  const bool decided = is_truth(condition, condition_text, f);
  const bool truths = a.type == Value::Type::truth && b.type == Value::Type::truth;
  if (!truths) {
    const bool left = is_number(a, a_text, f);
    if (!is_number(b, b_text, f) || !left) return Value::unknown();
  }
  if (!decided || !units_agree(e, a, a_text, b, b_text, f)) return Value::unknown();
  const auto length = common_length(e, a, a_text, b, b_text, f);
  if (!length) return Value::unknown();
  if (*length == 0 || !condition.known()) return truths ? Value::unknown_truth() : Value::unknown_number();
  Value branches = a;
  branches.length = *length;
  const auto all = common_length(e, branches, a_text, condition, condition_text, f);
  if (!all) return Value::unknown();
  Value result = apply(Op::select, {condition.term, a.term, b.term}, *all, joined(a.quantity, b.quantity));
  result.type = truths ? Value::Type::truth : Value::Type::number;
  result.draws = condition.draws || a.draws || b.draws;
  mix_nonlinear(result, {&condition, &a, &b});
  return checked(result, e, f);
}

}  // namespace motet::checking
