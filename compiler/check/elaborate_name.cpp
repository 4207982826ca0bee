// Names: parameters, samples, lets and rewards.

#include <algorithm>
#include <cmath>

#include "compiler/check/elaborator.h"
#include "compiler/check/mix.h"
#include "compiler/setting_value.h"
#include "language/text/number.h"

namespace motet::checking {

namespace {

// Whether the term, written out, is short. Shared terms can be very long.
bool is_small(const TermTable& table, TermId id, int& left) {
  if (--left < 0) return false;
  for (const TermId argument : table[id].args)
    if (!is_small(table, argument, left)) return false;
  return true;
}
bool is_small(const TermTable& table, TermId id) {
  int left = 24;
  return is_small(table, id, left);
}

}  // namespace

Value Elaborator::name(const Expr& e, std::string_view text, const Frame& f) {
  for (const auto& [parameter, value] : f.parameters)
    if (parameter == text) return value;
  if (is_signal_word(text)) return signal_word(e, text, f);
  if (const auto channel = scenery_.channels.find(text); channel != scenery_.channels.end() && f.in_item) {
    const Value action = signal(SignalKind::action, "", scenery_.action_size, {});
    return action.known() ? part(action, channel->second.offset, channel->second.length) : action;
  }
  const Lookup lookup = shared_.scope.find(f.module, Space::value, text);
  if (lookup.found && lookup.other) {
    const Declared& one = shared_.scope[*lookup.found];
    const Declared& two = shared_.scope[*lookup.other];
    return complain({.code = Code::M0303,
                     .message = "two imports bring the name " + ticked(text),
                     .primary = {e.span, "which of them is meant?"},
                     .secondary = {{one.name->span, "one"}, {two.name->span, "the other"}},
                     .help = {"import one of them with `as`, and qualify its names"}},
                    f);
  }
  if (lookup.found) {
    const Declared& declared = shared_.scope[*lookup.found];
    if (!declared.has_parameters) return plain_declared(*lookup.found, f, e.span);
    return complain({.code = Code::M0307,
                     .message = ticked(text) + " takes " + counted(declared.parameters.size(), "argument"),
                     .primary = {e.span, "none is given"},
                     .secondary = {{declared.name->span, "declared here"}}},
                    f);
  }
  if (const auto found = scenery_.samples.find(text); found != scenery_.samples.end())
    return sample(found->second, text);
  return lookup.excused ? Value::unknown() : unknown_name(e, text, f);
}

Value Elaborator::sample(const SampleInfo& info, std::string_view text) {
  if (info.length == 0 || place_ == Place::constant) return Value::unknown_number();
  if (phase() != Phase::reset)
    return signal(SignalKind::sample, std::string(text), info.length, info.quantity);
  if (!info.draw) return Value::unknown_number();
  return {.term = *info.draw, .length = info.length, .quantity = info.quantity};
}

Value Elaborator::unknown_name(const Expr& e, std::string_view text, const Frame& f) {
  Diagnostic diagnostic{.code = Code::M0301,
                        .message = "nothing here is called " + ticked(text),
                        .primary = {e.span, "not known"}};
  if (const auto kind = shared_.scope.other_kind(f.module, Space::value, text))
    diagnostic.notes.push_back(ticked(text) + " is " + kind_text(*kind) + ", which has no value");
  if (find_function(text) != nullptr)
    diagnostic.help.push_back(ticked(text) + " is a function: give it arguments");
  if (shared_.report.may_suggest()) {
    std::vector<std::string> names = shared_.scope.visible(f.module, Space::value);
    for (const auto& [parameter, value] : f.parameters) names.emplace_back(parameter);
    for (const auto& [sampled, info] : scenery_.samples) names.push_back(sampled);
    for (const auto& [channel, info] : scenery_.channels) names.push_back(channel);
    for (std::string& word : signal_words()) names.push_back(std::move(word));
    shared_.report.suggest(diagnostic, text, e.span, names);
  }
  return complain(std::move(diagnostic), f);
}

// --- lets and rewards -------------------------------------------------------------------------

const Value* Elaborator::remembered(DeclaredId id) const {
  const Memo& memo = memo_[static_cast<std::size_t>(phase())];
  if (const auto found = memo.plain.find(id); found != memo.plain.end()) return &found->second;
  if (base_ == nullptr) return nullptr;
  const Memo& below = base_->memo_[static_cast<std::size_t>(phase())];
  const auto found = below.plain.find(id);
  return found == below.plain.end() ? nullptr : &found->second;
}

// What the value uses is elaborated first, from the bottom: chains are as long as a program.
Value Elaborator::plain_declared(DeclaredId id, const Frame& f, Span use) {
  if (shared_.scope[id].circular) return Value::unknown();
  if (is_elsewhere(id) && !shared_.scope[id].has_parameters) return constant_declared(id, f, use);
  if (const Value* value = remembered(id)) return *value;
  Memo& memo = memo_[static_cast<std::size_t>(phase())];
  const auto is_done = [&](DeclaredId below) {
    return is_elsewhere(below) || remembered(below) != nullptr || memo.settled.contains(below);
  };
  for (const DeclaredId below : shared_.scope.values_below(id, is_done)) {
    if (shared_.scope[below].has_parameters)
      memo.settled.insert(below);
    else
      memo.plain.insert_or_assign(below, instantiate(below, {}, f, use));
  }
  const Value* value = remembered(id);
  return value != nullptr ? *value : Value::unknown();
}

// The same in every table: elaborated once, and copied.
Value Elaborator::constant_declared(DeclaredId id, const Frame& f, Span use) {
  Elaborator& constants = *shared_.constants;
  Value value = constants.plain_declared(id, f, use);
  if (!value.known()) return value;
  const std::vector<double>* numbers = constants.constant(value);
  if (numbers == nullptr || !spend(value.length)) return Value::unknown();
  value.term = table_.constant(*numbers);
  if (shared_.scope[id].kind == Declared::Kind::reward && in_step()) {
    auto mix = std::make_shared<RewardMix>();
    mix->emplace(shared_.scope.display_name(id), RewardPart{1, value.term, shared_.scope[id].name->span});
    value.mix = std::move(mix);
  }
  return value;
}

Value Elaborator::call_declared(const Expr& e, DeclaredId id, const Frame& f) {
  const Declared& declared = shared_.scope[id];
  std::vector<Value> given;
  for (const Expr& child : e.children) {
    if (child.kind == Expr::Kind::argument) {
      return complain({.code = Code::M0307,
                       .message = ticked(e.text) + " takes its arguments by their order",
                       .primary = {child.span, "an argument with a name"},
                       .secondary = {{declared.name->span, "declared here"}}},
                      f);
    }
    given.push_back(expression(child, f));
  }
  if (given.size() != declared.parameters.size() || !declared.has_parameters) {
    const std::string wanted =
        declared.has_parameters ? counted(declared.parameters.size(), "argument") : "no arguments";
    return complain({.code = Code::M0307,
                     .message = ticked(e.text) + " takes " + wanted + ", not " + std::to_string(given.size()),
                     .primary = {e.span, counted(given.size(), "argument")},
                     .secondary = {{declared.name->span, "declared here"}}},
                    f);
  }
  if (declared.circular) return Value::unknown();

  std::vector<std::uint32_t> key = {id};
  for (const Value& value : given) {
    const auto powers = value.quantity.powers.value_or(Powers{});
    const auto packed = [](std::int8_t power) { return static_cast<std::uint32_t>(power & 0xff); };
    key.push_back(value.known() ? value.term : ~0u);
    key.push_back(value.length);
    key.push_back(static_cast<std::uint32_t>(value.type) | value.quaternion << 2 | value.draws << 3 |
                  value.quantity.written << 4 | value.quantity.plain << 5 |
                  static_cast<std::uint32_t>(value.quantity.powers.has_value()) << 6);
    key.push_back(packed(powers.metre) | packed(powers.kilogram) << 8 | packed(powers.second) << 16);
  }
  auto& calls = memo_[static_cast<std::size_t>(phase())].calls;
  if (const auto known = calls.find(key); known != calls.end()) return known->second;
  Value value = instantiate(id, std::move(given), f, e.span);
  calls.emplace(std::move(key), value);
  return value;
}

Value Elaborator::instantiate(DeclaredId id, std::vector<Value> given, const Frame& caller, Span use) {
  const Declared& declared = shared_.scope[id];
  shared_.elaborated[id] = true;
  Frame frame{.module = declared.module, .in_item = false};
  frame.use = caller.in_item ? Label{use, "used here"} : caller.use;
  for (std::size_t i = 0; i < given.size(); ++i)
    frame.parameters.emplace_back(declared.parameters[i].text, given[i]);
  const std::uint32_t draw_length = std::exchange(draw_length_, 0);
  Value value = expression(declared.value(), frame);
  draw_length_ = draw_length;
  if (declared.kind != Declared::Kind::reward) return value;

  if (!is_number(value, declared.value(), frame)) return Value::unknown();
  if (value.length > 1) {
    return complain({.code = Code::M0404,
                     .message = "the reward " + ticked(declared.name->text) + " is " +
                                counted(value.length, "number") + ", and a reward is one",
                     .primary = {declared.value().span, counted(value.length, "number")},
                     .help = {"bring them together: `norm`, `sum`, `mean`, `max`"}},
                    frame);
  }
  const bool is_sum = value.mix != nullptr && value.mix->size() <= most_rewards;
  if (value.known() && in_step() && !is_sum) {
    auto mix = std::make_shared<RewardMix>();
    mix->emplace(instance_name(id, given), RewardPart{1, value.term, declared.name->span});
    value.mix = std::move(mix);
  }
  return value;
}

std::string Elaborator::instance_name(DeclaredId id, std::span<const Value> given) const {
  constexpr std::size_t longest = 60;
  std::string text = shared_.scope.display_name(id);
  if (!shared_.scope[id].has_parameters) return text;
  text += "(";
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string argument;
    if (const std::vector<double>* numbers = constant(given[i]))
      argument = constant_text(*numbers);
    else if (given[i].known() && is_small(table_, given[i].term))
      argument = motet::to_text(table_, given[i].term);
    if (argument.empty() || argument.size() > longest) argument = "#" + std::to_string(given[i].term);
    text += (i > 0 ? ", " : "") + argument;
  }
  return text + ")";
}

std::string constant_text(const std::vector<double>& numbers) {
  if (numbers.size() == 1) return format_number(numbers[0]);
  std::string text = "(";
  for (const double number : numbers) text += (text.size() > 1 ? ", " : "") + format_number(number);
  return text + ")";
}

}  // namespace motet::checking
