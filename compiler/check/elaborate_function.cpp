// Functions of values.

#include <algorithm>

#include "compiler/check/elaborator.h"
#include "compiler/check/mix.h"

namespace motet::checking {

namespace {

constexpr std::string_view no_names[] = {""};
constexpr std::string_view gauss_names[] = {"width"};
constexpr std::string_view pd_names[] = {"kp", "kd"};

std::span<const std::string_view> argument_names(std::string_view function) {
  if (function == "gauss") return gauss_names;
  if (function == "pd") return pd_names;
  return std::span(no_names).first(0);
}

struct PointwiseWord {
  std::string_view name;
  Op op;
};
constexpr PointwiseWord pointwise_words[] = {
    {"abs", Op::abs}, {"sign", Op::sign}, {"sqrt", Op::sqrt}, {"exp", Op::exp},   {"log", Op::log},
    {"sin", Op::sin}, {"cos", Op::cos},   {"tan", Op::tan},   {"tanh", Op::tanh}, {"floor", Op::floor},
};

std::string argument_count(const FunctionWord& word) {
  if (word.most < 0) return "at least " + counted(static_cast<std::size_t>(word.least), "argument");
  if (word.least == word.most) return counted(static_cast<std::size_t>(word.least), "argument");
  return std::to_string(word.least) + " to " + counted(static_cast<std::size_t>(word.most), "argument");
}

}  // namespace

Value Elaborator::call(const Expr& e, const Frame& f) {
  const FunctionWord* word = find_function(e.text);
  const bool distribution = e.text == "uniform" || e.text == "normal" || e.text == "choice";
  if (!distribution) draw_length_ = 0;
  if (word != nullptr) return function(e, *word, f);
  if (e.text == "sensor") return sensor(e, f);
  if (e.text == "contact") return contact(e, f);
  if (is_element_word(e.text)) return bare_element(e, f);
  const Lookup lookup = shared_.scope.find(f.module, Space::value, e.text);
  if (lookup.found && !lookup.other) return call_declared(e, *lookup.found, f);
  if (lookup.found) return name(e, e.text, f);  // ambiguous: it says so
  if (lookup.excused) return Value::unknown();

  Diagnostic diagnostic{.code = Code::M0308,
                        .message = "there is no function " + ticked(e.text),
                        .primary = {e.text_span, "not known"}};
  if (shared_.report.may_suggest()) {
    std::vector<std::string> names;
    for (const FunctionWord& known : functions()) names.emplace_back(known.name);
    for (const DeclaredId id : shared_.scope.visible_ids(f.module, Space::value))
      if (shared_.scope[id].has_parameters) names.push_back(shared_.scope[id].name->text);
    for (std::string& signal : signal_words())
      if (is_element_word(signal)) names.push_back(std::move(signal));
    shared_.report.suggest(diagnostic, e.text, e.text_span, names);
  }
  for (const Expr& child : e.children)
    if (child.kind != Expr::Kind::argument) expression(child, f);
  return complain(std::move(diagnostic), f);
}

std::optional<Elaborator::Arguments> Elaborator::arguments(const Expr& e, const FunctionWord& word,
                                                           std::span<const std::string_view> names, const Frame& f) {
  Arguments arguments;
  for (const Expr& child : e.children) {
    if (child.kind != Expr::Kind::argument) {
      arguments.positional.push_back(&child);
      continue;
    }
    if (std::ranges::find(names, child.text) == names.end() || arguments.named.contains(child.text)) {
      const bool twice = arguments.named.contains(child.text);
      complain({.code = Code::M0307,
                .message = ticked(e.text) + (twice ? " takes " + ticked(child.text) + " once"
                                                   : " has no argument called " + ticked(child.text)),
                .primary = {child.text_span, ""}},
               f);
      return std::nullopt;
    }
    arguments.named[child.text] = &child.children[0];
  }
  const auto count = static_cast<int>(e.children.size());
  if (count >= word.least && (word.most < 0 || count <= word.most) && !arguments.positional.empty()) return arguments;
  complain({.code = Code::M0307,
            .message = ticked(e.text) + " takes " + argument_count(word) + ", not " + std::to_string(count),
            .primary = {e.span, ""}},
           f);
  return std::nullopt;
}

Value Elaborator::function(const Expr& e, const FunctionWord& word, const Frame& f) {
  const auto given = arguments(e, word, argument_names(word.name), f);
  if (!given) return Value::unknown();
  for (const PointwiseWord& pointwise_word : pointwise_words)
    if (pointwise_word.name == word.name) return pointwise(e, pointwise_word.op, f);
  if (word.name == "min") return reduction(e, Op::min_of, Op::min, f);
  if (word.name == "max") return reduction(e, Op::max_of, Op::max, f);
  if (word.name == "sum") return reduction(e, Op::sum, Op::add, f);
  if (word.name == "mean") return reduction(e, Op::mean, Op::add, f);
  if (word.name == "norm") return norm(e, f);
  if (word.name == "dot") return dot(e, f);
  if (word.name == "distance") return distance(e, f);
  if (word.name == "angle") return angle(e, f);
  if (word.name == "atan2") return atan2(e, f);
  if (word.name == "clip") return clip(e, f);
  if (word.name == "gauss") return gauss(e, *given, f);
  if (word.name == "previous") return previous(e, f);
  if (word.name == "rate") return rate(e, f);
  if (word.name == "pd") return pd(e, *given, f);
  if (word.name == "choice") return choice(e, f);
  return draw(e, word.name == "uniform" ? Op::draw_uniform : Op::draw_normal, f);
}

Value Elaborator::pointwise(const Expr& e, Op op, const Frame& f) {
  const Expr& text = e.children[0];
  const Value value = number_operand(text, f);
  const bool keeps = op == Op::abs || op == Op::floor;
  if (!keeps && op != Op::sign && op != Op::sqrt && !agree(value.quantity, Quantity::of(powers::number))) {
    return complain({.code = Code::M0405,
                     .message = ticked(e.text) + " takes a number, not " + checking::to_text(*value.quantity.powers),
                     .primary = {text.span, checking::to_text(*value.quantity.powers)},
                     .help = {"divide it by what it is measured against"}},
                    f);
  }
  if (!value.known()) return Value::unknown_number();
  const Quantity quantity = keeps ? value.quantity : op == Op::sqrt ? raised(value.quantity, 0.5) : Quantity{};
  Value result = apply(op, {value.term}, value.length, quantity);
  if (const auto* numbers = constant(value); numbers != nullptr && !keeps && !value.quantity.written)
    result.quantity = Quantity::number();
  result.draws = value.draws;
  mix_nonlinear(result, {&value});
  return checked(result, e, f);
}

// Of one vector, or of several values, number by number.
Value Elaborator::reduction(const Expr& e, Op all, Op pair, const Frame& f) {
  if (e.children.size() == 1) {
    const Value value = number_operand(e.children[0], f);
    if (!value.known()) return Value::unknown_number();
    if (value.length == 1) return value;
    Value result = apply(all, {value.term}, 1, value.quantity);
    result.draws = value.draws;
    mix_nonlinear(result, {&value});
    return checked(result, e, f);
  }
  Value result = number_operand(e.children[0], f);
  bool agrees = true;
  for (std::size_t i = 1; i < e.children.size(); ++i) {
    const Value next = number_operand(e.children[i], f);
    if (!agrees) continue;
    agrees = units_agree(e, result, e.children[0], next, e.children[i], f);
    const auto length = agrees ? common_length(e, result, e.children[0], next, e.children[i], f) : std::nullopt;
    agrees = length.has_value();
    if (!agrees) continue;
    Value joint = *length == 0 ? Value::unknown_number()
                               : apply(pair, {result.term, next.term}, *length, joined(result.quantity, next.quantity));
    joint.draws = result.draws || next.draws;
    if (pair == Op::add) joint.mix = mix_sum(result.mix, next.mix, 1);
    else mix_nonlinear(joint, {&result, &next});
    result = joint;
  }
  if (!agrees) return Value::unknown();
  if (all != Op::mean || !result.known()) return checked(result, e, f);
  const auto count = static_cast<double>(e.children.size());
  Value average = apply(Op::div, {result.term, table_.constant(count)}, result.length, result.quantity);
  average.draws = result.draws;
  average.mix = result.mix ? mix_scaled(result.mix, 1 / count) : nullptr;
  return checked(average, e, f);
}

Value Elaborator::weighted_mean(std::span<const Value> values, std::span<const double> weights) {
  if (!std::ranges::all_of(values, &Value::known) || !spend(3 * values.size())) return Value::unknown();
  double total = 0;
  for (const double weight : weights) total += weight;
  Value result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double weight = weights[i] / total;
    const TermId term = table_.operation(Op::mul, {table_.constant(weight), values[i].term});
    result.term = i == 0 ? term : table_.operation(Op::add, {result.term, term});
    result.mix = mix_sum(result.mix, values[i].mix, weight);
  }
  return result;
}

Value Elaborator::largest(std::span<const Value> values) {
  if (!std::ranges::all_of(values, &Value::known) || !spend(values.size())) return Value::unknown();
  Value result = values[0];
  for (std::size_t i = 1; i < values.size(); ++i) {
    Value next{.term = table_.operation(Op::max, {result.term, values[i].term})};
    mix_nonlinear(next, {&result, &values[i]});
    result = next;
  }
  return result;
}

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
  Value result = apply(a.length == 1 ? Op::mul : Op::dot, {a.term, b.term}, 1, product(a.quantity, b.quantity));
  result.draws = a.draws || b.draws;
  mix_nonlinear(result, {&a, &b});
  return checked(result, e, f);
}

Value Elaborator::distance(const Expr& e, const Frame& f) {
  const Value a = number_operand(e.children[0], f), b = number_operand(e.children[1], f);
  if (!units_agree(e, a, e.children[0], b, e.children[1], f)) return Value::unknown();
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_number();
  const Quantity quantity = joined(a.quantity, b.quantity);
  const Value difference = apply(Op::sub, {a.term, b.term}, *length, quantity);
  if (!difference.known()) return checked(difference, e, f);
  Value result = apply(*length == 1 ? Op::abs : Op::norm, {difference.term}, 1, quantity);
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
  const auto length_of = [&](TermId term) { return table_.operation(*length == 1 ? Op::abs : Op::norm, {term}); };
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
  const Value a = number_operand(e.children[0], f), b = number_operand(e.children[1], f);
  if (!units_agree(e, a, e.children[0], b, e.children[1], f)) return Value::unknown();
  const auto length = common_length(e, a, e.children[0], b, e.children[1], f);
  if (!length) return Value::unknown();
  if (*length == 0) return Value::unknown_number();
  Value result = apply(Op::atan2, {a.term, b.term}, *length, Quantity::of(powers::number));
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
  const TermId ratio = width_text != nullptr ? table_.operation(Op::div, {value.term, width.term}) : value.term;
  const TermId square = table_.operation(Op::mul, {ratio, ratio});
  const TermId exponent = table_.operation(Op::mul, {table_.constant(-0.5), square});
  Value result{.term = table_.operation(Op::exp, {exponent}), .length = *length};
  mix_nonlinear(result, {&value, &width});
  return checked(result, e, f);
}

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

// kp (target - joint.pos) - kd joint.vel, of the joint that the driven motor turns.
Value Elaborator::pd(const Expr& e, const Arguments& given, const Frame& f) {
  if (place_ != Place::drive) {
    return complain({.code = Code::M0312,
                     .message = "`pd` tracks a position with a motor: it stands in `drive` only",
                     .primary = {e.span, ""}},
                    f);
  }
  std::vector<const Expr*> texts = given.positional;
  for (const std::string_view name : {"kp", "kd"})
    if (const auto named = given.named.find(name); named != given.named.end()) texts.push_back(named->second);
  if (given.positional.size() != 1 && !given.named.empty()) {
    return complain({.code = Code::M0307,
                     .message = "`pd` takes a target and its gains, `kp` and `kd`",
                     .primary = {e.span, ""},
                     .help = {"such as `pd(target, kp 1.2, kd 0.02)`"}},
                    f);
  }
  if (!given.named.empty() && !given.named.contains("kp")) {
    return complain({.code = Code::M0307, .message = "`pd` needs `kp`", .primary = {e.span, ""}}, f);
  }
  std::vector<Value> values;
  for (const Expr* text : texts) {
    values.push_back(number_operand(*text, f));
    if (values.back().length <= 1) continue;
    return complain({.code = Code::M0404,
                     .message = "one number is wanted, not " + std::to_string(values.back().length),
                     .primary = {text->span, ""}},
                    f);
  }
  if (!std::ranges::all_of(values, &Value::known)) return Value::unknown_number();
  if (scenery_.body != Scenery::Body::model) return Value::unknown_number();
  const auto actuator = scenery_.model->find(Element::actuator, scenery_.actuator);
  if (!actuator) return Value::unknown_number();
  const std::string& joint = scenery_.model->info.actuators[static_cast<std::size_t>(*actuator)].joint;
  const auto index = scenery_.model->find(Element::joint, joint);
  using Type = JointInfo::Type;
  const Type type = index ? scenery_.model->info.joints[static_cast<std::size_t>(*index)].type : Type::free;
  if (type != Type::hinge && type != Type::slide) {
    return complain({.code = Code::M0509,
                     .message = "`pd` needs a motor on a hinge or a slide, and " + ticked(scenery_.actuator) +
                                " does not act on one",
                     .primary = {e.span, ""}},
                    f);
  }
  const Quantity quantity = Quantity::of(type == Type::slide ? powers::length : powers::number);
  if (!agree(values[0].quantity, quantity)) {
    return complain({.code = Code::M0405,
                     .message = "the joint's position is in " + checking::to_text(*quantity.powers) + ", the target in " +
                                checking::to_text(*values[0].quantity.powers),
                     .primary = {texts[0]->span, checking::to_text(*values[0].quantity.powers)}},
                    f);
  }
  if (!spend(8)) return checked(Value::unknown(), e, f);
  const TermId position = table_.signal({.kind = SignalKind::joint_pos, .name = joint, .length = 1});
  const TermId error = table_.operation(Op::sub, {values[0].term, position});
  TermId control = table_.operation(Op::mul, {values[1].term, error});
  if (values.size() > 2) {
    const TermId velocity = table_.signal({.kind = SignalKind::joint_vel, .name = joint, .length = 1});
    control = table_.operation(Op::sub, {control, table_.operation(Op::mul, {values[2].term, velocity})});
  }
  return checked({.term = control}, e, f);
}

}  // namespace motet::checking
