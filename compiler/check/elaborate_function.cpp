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
                                                           std::span<const std::string_view> names,
                                                           const Frame& f) {
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
  if (count >= word.least && (word.most < 0 || count <= word.most) && !arguments.positional.empty())
    return arguments;
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
    return complain(
        {.code = Code::M0405,
         .message = ticked(e.text) + " takes a number, not " + checking::to_text(*value.quantity.powers),
         .primary = {text.span, checking::to_text(*value.quantity.powers)},
         .help = {"divide it by what it is measured against"}},
        f);
  }
  if (!value.known()) return Value::unknown_number();
  const Quantity quantity = keeps            ? value.quantity
                            : op == Op::sqrt ? raised(value.quantity, 0.5)
                                             : Quantity{};
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
    const auto length =
        agrees ? common_length(e, result, e.children[0], next, e.children[i], f) : std::nullopt;
    agrees = length.has_value();
    if (!agrees) continue;
    Value joint =
        *length == 0 ? Value::unknown_number()
                     : apply(pair, {result.term, next.term}, *length, joined(result.quantity, next.quantity));
    joint.draws = result.draws || next.draws;
    if (pair == Op::add)
      joint.mix = mix_sum(result.mix, next.mix, 1);
    else
      mix_nonlinear(joint, {&result, &next});
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

Value Elaborator::weighted_mean(std::span<const Value> values, std::span<const double> weights, Span span) {
  if (!std::ranges::all_of(values, &Value::known)) return Value::unknown();
  if (!spend(3 * values.size())) {
    too_much(span);
    return Value::unknown();
  }
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

Value Elaborator::largest(std::span<const Value> values, Span span) {
  if (!std::ranges::all_of(values, &Value::known)) return Value::unknown();
  if (!spend(values.size())) {
    too_much(span);
    return Value::unknown();
  }
  Value result = values[0];
  for (std::size_t i = 1; i < values.size(); ++i) {
    Value next{.term = table_.operation(Op::max, {result.term, values[i].term})};
    mix_nonlinear(next, {&result, &values[i]});
    result = next;
  }
  return result;
}

}  // namespace motet::checking
