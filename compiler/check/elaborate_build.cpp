// Terms built within the limits, and constants.

#include <cmath>
#include <limits>
#include <utility>

#include "compiler/check/elaborator.h"
#include "compiler/check/mix.h"

namespace motet::checking {

Elaborator::Phase Elaborator::phase() const {
  switch (place_) {
    case Place::constant:
      return Phase::constant;
    case Place::drive:
      return Phase::drive;
    case Place::sample:
    case Place::reset:
      return Phase::reset;
    default:
      return Phase::step;
  }
}

// Says once for an elaborator, and once for a program, that a limit is reached.
void Elaborator::too_much(Span span) {
  if (std::exchange(complained_, true)) return;
  if (shared_.budget.left == 0 && std::exchange(shared_.budget.reported, true)) return;
  shared_.report.add({.code = Code::M0313,
                      .message = "the program unfolds to more than can be computed in a step",
                      .primary = {span, "the limit is reached here"},
                      .notes = {"a world and its reward may come to " + std::to_string(Budget::environment) +
                                " numbers, a vector to " + std::to_string(Budget::vector) +
                                ", the program to " + std::to_string(Budget::whole_program)}});
}

bool Elaborator::spend(std::size_t numbers) {
  if (exhausted_) return false;
  spent_ += numbers;
  exhausted_ = spent_ > Budget::environment || !shared_.budget.spend(numbers);
  return !exhausted_;
}

Value Elaborator::apply(Op op, std::vector<TermId> args, std::uint32_t length, Quantity quantity) {
  if (!spend(length)) return Value::unknown();
  return {.term = table_.operation(op, std::move(args)), .length = length, .quantity = quantity};
}

// A result that is the same in every step must be a number.
Value Elaborator::checked(Value value, const Expr& e, const Frame& f) {
  if (!value.known()) return value;
  const std::vector<double>* numbers = constant(value);
  if (numbers == nullptr) return value;
  for (const double number : *numbers) {
    if (std::isfinite(number)) continue;
    return complain({.code = Code::M0414,
                     .message = "this constant is not a finite number",
                     .primary = {e.span, std::isnan(number) ? "not a number" : "infinite"}},
                    f);
  }
  return value;
}

const std::vector<double>* Elaborator::constant(const Value& value) const {
  if (!value.known()) return nullptr;
  const Term& term = table_[value.term];
  return term.kind == Term::Kind::constant ? &term.values : nullptr;
}

Value Elaborator::constant_value(double number, Quantity quantity) {
  if (!spend(1)) return Value::unknown();
  return {.term = table_.constant(number), .quantity = quantity};
}

Value Elaborator::concatenated(std::span<const Value> values, Span span) {
  std::vector<TermId> terms;
  std::size_t length = 0;
  Quantity quantity = values.empty() ? Quantity{} : values.front().quantity;
  bool draws = false;
  for (const Value& value : values) {
    if (!value.known()) return Value::unknown_number();
    terms.push_back(value.term);
    length += value.length;
    quantity = joined(quantity, value.quantity);
    draws = draws || value.draws;
  }
  if (length > Budget::vector || !spend(length)) {
    exhausted_ = true;
    too_much(span);
    return Value::unknown();
  }
  Value result = values.size() == 1 ? values[0] : Value{.term = table_.concat(std::move(terms))};
  result.length = static_cast<std::uint32_t>(length);
  result.quantity = quantity;
  result.draws = draws;
  result.quaternion = values.size() == 1 && result.quaternion;
  return result;
}

Value Elaborator::broadcast(const Value& value, std::uint32_t length, Span span) {
  if (!value.known() || value.length == length) return value;
  return concatenated(std::vector<Value>(length, value), span);
}

// Named rewards within anything but a sum: they are logged, and their weights say nothing.
void Elaborator::mix_nonlinear(Value& result, std::initializer_list<const Value*> of) const {
  SharedMix mix;
  for (const Value* value : of) mix = mix_sum(mix, value->mix, std::numeric_limits<double>::quiet_NaN());
  if (mix != nullptr) result.mix = std::move(mix);
}

}  // namespace motet::checking
