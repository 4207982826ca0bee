// What looks back over the steps of an episode.

#include <cmath>

#include "compiler/check/elaborator.h"

namespace motet::checking {

namespace {

constexpr std::uint32_t longest_history = 10'000;

}  // namespace

// What an expression is now, where there is a step to look back over.
std::optional<Value> Elaborator::now(const Expr& e, const Frame& f) {
  if (in_step()) return number_operand(e.children[0], f);
  complain({.code = Code::M0312,
            .message = ticked(e.text) + " looks back over a step of an episode, and there is none here",
            .primary = {e.span, ""}},
           f);
  return std::nullopt;
}

Value Elaborator::previous(const Expr& e, const Frame& f) {
  const auto value = now(e, f);
  if (!value) return Value::unknown();
  if (!value->known() || !spend(value->length)) return checked(*value, e, f);
  Value result = *value;
  if (constant(*value) == nullptr) result.term = table_.previous(value->term);
  mix_nonlinear(result, {&*value});
  return result;
}

// The change over the control step, divided by its length.
Value Elaborator::rate(const Expr& e, const Frame& f) {
  const auto value = now(e, f);
  if (!value) return Value::unknown();
  if (!value->known() || scenery_.control_period <= 0) return Value::unknown_number();
  if (!spend(3 * std::size_t{value->length})) return checked(*value, e, f);
  const TermId before = constant(*value) == nullptr ? table_.previous(value->term) : value->term;
  const TermId change = table_.operation(Op::sub, {value->term, before});
  Value result{.term = table_.operation(Op::div, {change, table_.constant(scenery_.control_period)}),
               .length = value->length};
  result.quantity = quotient(value->quantity, Quantity::of(powers::time));
  mix_nonlinear(result, {&*value});
  return checked(result, e, f);
}

Value Elaborator::history(const Expr& e, const Frame& f) {
  if (!in_step()) {
    return complain({.code = Code::M0312,
                     .message = "`last` looks back over the steps of an episode, and there are none here",
                     .primary = {e.span, ""}},
                    f);
  }
  std::vector<Value> parts;
  for (const Expr& child : e.children) parts.push_back(number_operand(child, f));
  if (e.value < 1 || e.value > longest_history || e.value != std::floor(e.value)) {
    return complain(
        {.code = Code::M0407,
         .message = "`last` takes a whole number of steps, from 1 to " + std::to_string(longest_history),
         .primary = {e.text_span, ""}},
        f);
  }
  const Value one = concatenated(parts, e.span);
  if (!one.known()) return Value::unknown_number();
  const auto count = static_cast<std::uint32_t>(e.value);
  if (std::size_t{one.length} * count > Budget::vector || !spend(std::size_t{one.length} * count))
    exhausted_ = true;
  Value result{.length = one.length * count, .quantity = one.quantity};
  if (!exhausted_) result.term = table_.history(one.term, count);
  mix_nonlinear(result, {&one});
  return checked(result, e, f);
}

}  // namespace motet::checking
