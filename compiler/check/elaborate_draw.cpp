// Distributions, which are drawn at every reset.

#include <algorithm>

#include "compiler/check/elaborator.h"

namespace motet::checking {

namespace {

bool may_draw(Place place) {
  return place == Place::sample || place == Place::reset;
}

}  // namespace

Value Elaborator::draw(const Expr& e, Op op, const Frame& f) {
  const std::uint32_t spread = std::exchange(draw_length_, 0);
  const Value a = number_operand(e.children[0], f), b = number_operand(e.children[1], f);
  if (!may_draw(place_) || !f.in_item) {
    return complain({.code = Code::M0312,
                     .message = "a distribution is drawn at a reset: it stands in `sample` and `reset` only",
                     .primary = {e.span, ""}},
                    f);
  }
  if (!units_agree(e, a, e.children[0], b, e.children[1], f)) return Value::unknown();
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  if (!length) return Value::unknown();
  if (*length == 0 || !check_distribution(e, op, a, b, f)) return Value::unknown_number();
  const std::uint32_t all = *length == 1 && spread > 0 ? spread : *length;
  if (!spend(all)) return checked(Value::unknown(), e, f);
  Value result{.term = table_.draw(op, {a.term, b.term}, all), .length = all};
  result.quantity = joined(a.quantity, b.quantity);
  result.draws = true;
  return result;
}

bool Elaborator::check_distribution(const Expr& e, Op op, const Value& a, const Value& b, const Frame& f) {
  const auto* first = constant(a);
  const auto* second = constant(b);
  if (second == nullptr || (op == Op::draw_uniform && first == nullptr)) return true;
  for (std::size_t i = 0; i < std::max(second->size(), first != nullptr ? first->size() : 0); ++i) {
    const double high = (*second)[second->size() == 1 ? 0 : i];
    if (op == Op::draw_normal && high < 0) {
      complain({.code = Code::M0412,
                .message = "the standard deviation of `normal` is negative",
                .primary = {e.children[1].span, ""}},
               f);
      return false;
    }
    if (op == Op::draw_uniform && (*first)[first->size() == 1 ? 0 : i] > high) {
      complain({.code = Code::M0412,
                .message = "the lower bound of `uniform` lies above the upper one",
                .primary = {e.children[1].span, "the upper bound"},
                .secondary = {{e.children[0].span, "the lower bound"}}},
               f);
      return false;
    }
  }
  return true;
}

// One of several options of one length.
Value Elaborator::choice(const Expr& e, const Frame& f) {
  draw_length_ = 0;
  std::vector<Value> options;
  for (const Expr& child : e.children) options.push_back(number_operand(child, f));
  if (!may_draw(place_) || !f.in_item) {
    return complain({.code = Code::M0312,
                     .message = "a distribution is drawn at a reset: it stands in `sample` and `reset` only",
                     .primary = {e.span, ""}},
                    f);
  }
  if (!std::ranges::all_of(options, &Value::known)) return Value::unknown_number();
  for (std::size_t i = 1; i < options.size(); ++i) {
    if (options[i].length == options[0].length) continue;
    return complain({.code = Code::M0401,
                     .message = "the options of `choice` have different lengths",
                     .primary = {e.children[i].span, counted(options[i].length, "number")},
                     .secondary = {{e.children[0].span, counted(options[0].length, "number")}}},
                    f);
  }
  const std::uint32_t length = options[0].length;
  const Value all = concatenated(options, e.span);
  if (!all.known() || !spend(length + 1)) return checked(Value::unknown(), e, f);
  Value result{.term = table_.draw(Op::draw_choice, {all.term}, length), .length = length};
  result.quantity = all.quantity;
  result.draws = true;
  return result;
}

}  // namespace motet::checking
