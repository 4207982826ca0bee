// Functions of vectors and angles.

#include <algorithm>

#include "compiler/check/elaborator.h"

namespace motet::checking {

Value Elaborator::norm(const Expr& e, const Frame& f) {
  const Value value = number_operand(e.children[0], f);
  if (!value.known()) return Value::unknown_number();
  Value result = apply(value.length == 1 ? Op::abs : Op::norm, {value.term}, 1, value.quantity);
  result.draws = value.draws;
  mix_nonlinear(result, {&value});
  return checked(result, e, f);
}

Value Elaborator::dot(const Expr& e, const Frame& f) {
  const Value a = number_operand(e.children[0], f), b = number_operand(e.children[1], f);
  if (!a.known() || !b.known()) return Value::unknown_number();
  if (a.length != b.length) {
    // A scalar does not stand for a vector here.
    common_length(e, a, e.children[0], b, e.children[1], f);
    if (a.length != 1 && b.length != 1) return Value::unknown();
    return complain({.code = Code::M0401,
                     .message = "`dot` takes two vectors of one length",
                     .primary = {e.text_span, ""},
                     .secondary = {{e.children[0].span, counted(a.length, "number")},
                                   {e.children[1].span, counted(b.length, "number")}}},
                    f);
  }
  Value result =
      apply(a.length == 1 ? Op::mul : Op::dot, {a.term, b.term}, 1, product(a.quantity, b.quantity));
  result.draws = a.draws || b.draws;
  mix_nonlinear(result, {&a, &b});
  return checked(result, e, f);
}

std::optional<Elaborator::Pair> Elaborator::pair(const Expr& e, const Frame& f) {
  const Value a = number_operand(e.children[0], f), b = number_operand(e.children[1], f);
  if (!units_agree(e, a, e.children[0], b, e.children[1], f)) return std::nullopt;
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  return length ? std::optional(Pair{a, b, *length}) : std::nullopt;
}

Value Elaborator::distance(const Expr& e, const Frame& f) {
  const auto both = pair(e, f);
  if (!both) return Value::unknown();
  const auto& [a, b, length] = *both;
  if (length == 0) return Value::unknown_number();
  const Quantity quantity = joined(a.quantity, b.quantity);
  const Value difference = apply(Op::sub, {a.term, b.term}, length, quantity);
  if (!difference.known()) return checked(difference, e, f);
  Value result = apply(length == 1 ? Op::abs : Op::norm, {difference.term}, 1, quantity);
  result.draws = a.draws || b.draws;
  mix_nonlinear(result, {&a, &b});
  return checked(result, e, f);
}

// One argument: wrapped to (-pi, pi]. Two vectors: the angle between them, by Kahan's formula
// 2 atan2(| |b| a - |a| b |, | |b| a + |a| b |), which is exact for small angles and zero vectors.
Value Elaborator::angle(const Expr& e, const Frame& f) {
  const Value a = number_operand(e.children[0], f);
  const Quantity radians = Quantity::of(powers::number);
  if (e.children.size() == 1) {
    if (!agree(a.quantity, radians)) {
      return complain({.code = Code::M0405,
                       .message = "`angle` takes an angle, not " + checking::to_text(*a.quantity.powers),
                       .primary = {e.children[0].span, checking::to_text(*a.quantity.powers)}},
                      f);
    }
    if (!a.known()) return Value::unknown_number();
    Value result = apply(Op::wrap, {a.term}, a.length, radians);
    result.draws = a.draws;
    mix_nonlinear(result, {&a});
    return checked(result, e, f);
  }
  const Value b = number_operand(e.children[1], f);
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_number();
  if (!spend(6u * *length + 5)) return checked(Value::unknown(), e, f);
  const TermId a_all = broadcast(a, *length, e.span).term, b_all = broadcast(b, *length, e.span).term;
  const auto length_of = [&](TermId term) {
    return table_.operation(*length == 1 ? Op::abs : Op::norm, {term});
  };
  const TermId left = table_.operation(Op::mul, {length_of(b_all), a_all});
  const TermId right = table_.operation(Op::mul, {length_of(a_all), b_all});
  const TermId half = table_.operation(Op::atan2, {length_of(table_.operation(Op::sub, {left, right})),
                                                   length_of(table_.operation(Op::add, {left, right}))});
  Value result{.term = table_.operation(Op::mul, {table_.constant(2), half}), .quantity = radians};
  result.draws = a.draws || b.draws;
  mix_nonlinear(result, {&a, &b});
  return checked(result, e, f);
}

Value Elaborator::atan2(const Expr& e, const Frame& f) {
  const auto both = pair(e, f);
  if (!both) return Value::unknown();
  const auto& [a, b, length] = *both;
  if (length == 0) return Value::unknown_number();
  Value result = apply(Op::atan2, {a.term, b.term}, length, Quantity::of(powers::number));
  result.draws = a.draws || b.draws;
  mix_nonlinear(result, {&a, &b});
  return checked(result, e, f);
}

Value Elaborator::clip(const Expr& e, const Frame& f) {
  const Value value = number_operand(e.children[0], f);
  const Value low = number_operand(e.children[1], f), high = number_operand(e.children[2], f);
  if (!units_agree(e, value, e.children[0], low, e.children[1], f)) return Value::unknown();
  if (!units_agree(e, value, e.children[0], high, e.children[2], f)) return Value::unknown();
  const auto first = common_length(e, value, e.children[0], low, e.children[1], f);
  if (!first) return Value::unknown();
  Value so_far = value;
  so_far.length = *first;
  const auto length = common_length(e, so_far, e.children[0], high, e.children[2], f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_number();
  const auto* lows = constant(low);
  const auto* highs = constant(high);
  if (lows != nullptr && highs != nullptr && lows->size() == highs->size() &&
      !std::ranges::equal(*lows, *highs, std::ranges::less_equal{})) {
    return complain({.code = Code::M0416,
                     .message = "the lower bound of `clip` lies above the upper one",
                     .primary = {e.children[2].span, "the upper bound"},
                     .secondary = {{e.children[1].span, "the lower bound"}}},
                    f);
  }
  const Value above = apply(Op::max, {value.term, low.term}, *first);
  if (!above.known()) return checked(above, e, f);
  Value result = apply(Op::min, {above.term, high.term}, *length,
                       joined(value.quantity, joined(low.quantity, high.quantity)));
  result.draws = value.draws;
  mix_nonlinear(result, {&value, &low, &high});
  return checked(result, e, f);
}

// exp(-(x / width)^2 / 2)
Value Elaborator::gauss(const Expr& e, const Arguments& given, const Frame& f) {
  const Expr& text = *given.positional[0];
  const Value value = number_operand(text, f);
  const Expr* width_text = given.positional.size() > 1 ? given.positional[1]
                           : given.named.empty()       ? nullptr
                                                       : given.named.begin()->second;
  if (width_text == nullptr && !agree(value.quantity, Quantity::of(powers::number))) {
    return complain({.code = Code::M0405,
                     .message = "`gauss` takes a number, not " + checking::to_text(*value.quantity.powers),
                     .primary = {text.span, checking::to_text(*value.quantity.powers)},
                     .help = {"give it a width: `gauss(x, 0.1 m)`"}},
                    f);
  }
  const Value width = width_text != nullptr ? number_operand(*width_text, f) : constant_value(1);
  const Expr& other = width_text != nullptr ? *width_text : text;
  if (!units_agree(e, value, text, width, other, f)) return Value::unknown();
  const auto length = common_length(e, value, text, width, other, f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_number();
  if (!spend(4 * std::size_t{*length})) return checked(Value::unknown(), e, f);
  const TermId ratio =
      width_text != nullptr ? table_.operation(Op::div, {value.term, width.term}) : value.term;
  const TermId square = table_.operation(Op::mul, {ratio, ratio});
  const TermId exponent = table_.operation(Op::mul, {table_.constant(-0.5), square});
  Value result{.term = table_.operation(Op::exp, {exponent}), .length = *length};
  mix_nonlinear(result, {&value, &width});
  return checked(result, e, f);
}

}  // namespace motet::checking
