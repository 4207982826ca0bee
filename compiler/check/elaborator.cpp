#include "compiler/check/elaborator.h"

#include "language/format.h"

namespace motet::checking {

namespace {

// Expressions inside each other, through the lets and rewards that they call.
constexpr int most_depth = 1200;

class Restore {
 public:
  Restore(Place& place, Place value) : place_(place), before_(place) { place = value; }
  ~Restore() { place_ = before_; }

 private:
  Place& place_;
  Place before_;
};

Span operator_span(const syntax::Expr& e) {
  return e.text_span.end > e.text_span.begin ? e.text_span : e.span;
}

}  // namespace

// --- the way in -------------------------------------------------------------------------------

Value Elaborator::any(const Expr& e, const Frame& frame, Place place) {
  const Restore restore(place_, place);
  draw_length_ = 0;
  return expression(e, frame);
}

Value Elaborator::numbers(const Expr& e, const Frame& frame, Place place) {
  const Restore restore(place_, place);
  draw_length_ = 0;
  return number_operand(e, frame);
}

Value Elaborator::number(const Expr& e, const Frame& frame, Place place) {
  return single(numbers(e, frame, place), e, frame);
}

Value Elaborator::measured(const Expr& e, const Frame& frame) {
  return single(any(e, frame, Place::measure), e, frame);
}

Value Elaborator::single(const Value& value, const Expr& e, const Frame& frame) {
  if (value.length <= 1) return value;
  return complain(
      {.code = Code::M0404,
       .message = "one number is wanted, not " + std::to_string(value.length),
       .primary = {e.span, counted(value.length, "number")},
       .help = {"take a part, such as `[0]`, or bring them together: `norm`, `sum`, `mean`, `max`"}},
      frame);
}

Value Elaborator::truth(const Expr& e, const Frame& frame, Place place) {
  const Value value = any(e, frame, place);
  if (value.type == Value::Type::unknown) return value;
  const Restore restore(place_, place);
  if (!is_truth(value, e, frame)) return Value::unknown();
  if (value.length <= 1) return value;
  return complain({.code = Code::M0404,
                   .message = "one truth is wanted, not " + std::to_string(value.length),
                   .primary = {e.span, counted(value.length, "truth")},
                   .help = {"compare one number: a part, or the `min`, `max` or `norm` of all"}},
                  frame);
}

Value Elaborator::spread(const Expr& e, const Frame& frame, std::uint32_t length) {
  const Restore restore(place_, Place::reset);
  draw_length_ = length;
  const Value value = number_operand(e, frame);
  draw_length_ = 0;
  return value;
}

Value Elaborator::declared(DeclaredId id, Place place) {
  const Restore restore(place_, place);
  const Declared& declared = shared_.scope[id];
  return plain_declared(id, {.module = declared.module}, declared.name->span);
}

void Elaborator::by_itself(DeclaredId id) {
  const Restore restore(place_, Place::reward);
  const Declared& declared = shared_.scope[id];
  const Frame frame{.module = declared.module, .in_item = false};
  if (declared.has_parameters || declared.circular)
    instantiate(id, std::vector<Value>(declared.parameters.size(), Value::unknown()), frame,
                declared.name->span);
  else
    plain_declared(id, frame, declared.name->span);
}

// --- the middle -------------------------------------------------------------------------------

Value Elaborator::expression(const Expr& e, const Frame& f) {
  if (exhausted_) return Value::unknown();
  if (depth_ >= most_depth) {
    exhausted_ = complained_ = true;
    return complain(
        {.code = Code::M0313,
         .message = "what is declared here unfolds too deep",
         .primary = {e.span, "more than " + std::to_string(most_depth) + " expressions inside each other"},
         .help = {"shorten the chain of declarations that take parameters"}},
        f);
  }
  ++depth_;
  const std::uint32_t draw_length = draw_length_;
  const bool passes_length =
      e.kind == Expr::Kind::unary || e.kind == Expr::Kind::binary || e.kind == Expr::Kind::call;
  if (!passes_length) draw_length_ = 0;
  Value value = dispatch(e, f);
  draw_length_ = draw_length;
  --depth_;
  if (exhausted_) too_much(e.span);
  return value;
}

Value Elaborator::dispatch(const Expr& e, const Frame& f) {
  using Kind = Expr::Kind;
  switch (e.kind) {
    case Kind::number:
      return literal(e, f);
    case Kind::boolean: {
      Value value = constant_value(e.text == "true" ? 1 : 0);
      value.type = Value::Type::truth;
      return value;
    }
    case Kind::name:
      return name(e, e.text, f);
    case Kind::vector:
      return vector(e, f);
    case Kind::call:
      return call(e, f);
    case Kind::member:
      return member(e, f);
    case Kind::slice:
      return slice(e, f);
    case Kind::unary:
      return unary(e, f);
    case Kind::binary:
      return binary(e, f);
    case Kind::conditional:
      return conditional(e, f);
    case Kind::history:
      return history(e, f);
    case Kind::string:
    case Kind::list:
    case Kind::argument:
      break;
  }
  const bool list = e.kind == Kind::list;
  return complain({.code = Code::M0402,
                   .message = list ? "a list is not a value" : "text is not a value",
                   .primary = {e.span, ""},
                   .help = {list ? "a vector is written with parentheses: `(1, 2)`"
                                 : "text names things of a model: `body(\"left foot\")`"}},
                  f);
}

// --- helpers that report ----------------------------------------------------------------------

Value Elaborator::complain(Diagnostic diagnostic, const Frame& f) {
  if (f.use) diagnostic.secondary.push_back(*f.use);
  shared_.report.add(std::move(diagnostic));
  return Value::unknown();
}

bool Elaborator::is_number(const Value& value, const Expr& e, const Frame& f) {
  if (value.type != Value::Type::truth) return true;
  complain({.code = Code::M0402,
            .message = "a number is wanted, and this is true or false",
            .primary = {e.span, "a truth"},
            .help = {"make a number of it: `1 if " + format(e) + " else 0`"}},
           f);
  return false;
}

bool Elaborator::is_truth(const Value& value, const Expr& e, const Frame& f) {
  if (value.type != Value::Type::number) return true;
  complain({.code = Code::M0402,
            .message = "a condition is wanted, and this is a number",
            .primary = {e.span, value.length == 1 ? "a number" : "numbers"},
            .help = {"compare it with something: `" + format(e) + " > 0`"}},
           f);
  return false;
}

Value Elaborator::number_operand(const Expr& e, const Frame& f) {
  Value value = expression(e, f);
  return is_number(value, e, f) ? value : Value::unknown();
}

std::optional<std::uint32_t> Elaborator::common_length(const Expr& e, const Value& a, const Expr& a_text,
                                                       const Value& b, const Expr& b_text, const Frame& f) {
  if (!a.known() || !b.known()) return 0;
  if (a.length == b.length || b.length == 1) return a.length;
  if (a.length == 1) return b.length;
  complain(
      {.code = Code::M0401,
       .message =
           "vectors of different lengths: " + std::to_string(a.length) + " and " + std::to_string(b.length),
       .primary = {operator_span(e), ""},
       .secondary = {{a_text.span, counted(a.length, "number")}, {b_text.span, counted(b.length, "number")}},
       .help = {"take parts of the same length, such as `.xy` or `[0..2]`"}},
      f);
  return std::nullopt;
}

bool Elaborator::units_agree(const Expr& e, const Value& a, const Expr& a_text, const Value& b,
                             const Expr& b_text, const Frame& f) {
  if (agree(a.quantity, b.quantity)) return true;
  complain(
      {.code = Code::M0405,
       .message = "units that do not go together: " + to_text(*a.quantity.powers) + " and " +
                  to_text(*b.quantity.powers),
       .primary = {operator_span(e), ""},
       .secondary = {{a_text.span, to_text(*a.quantity.powers)}, {b_text.span, to_text(*b.quantity.powers)}}},
      f);
  return false;
}

}  // namespace motet::checking
