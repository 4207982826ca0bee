// Terms as a reader would write them.

#include <algorithm>
#include <cmath>
#include <string_view>

#include "compiler/plan/arithmetic.h"
#include "compiler/plan/text_line.h"
#include "compiler/term.h"

namespace motet {
namespace {

using Kind = Term::Kind;

// How tightly the forms of the language bind.
enum Binding : int {
  lowest,
  conditional,
  disjunction,
  conjunction,
  negation,
  comparison,
  sum,
  product,
  sign,
  power,
  atom
};

struct Infix {
  std::string_view symbol;
  Binding binding;
};

Infix infix(Op op) {
  switch (op) {
    case Op::add:
      return {" + ", sum};
    case Op::sub:
      return {" - ", sum};
    case Op::mul:
      return {" * ", product};
    case Op::div:
      return {" / ", product};
    case Op::pow:
      return {" ^ ", power};
    case Op::lt:
      return {" < ", comparison};
    case Op::le:
      return {" <= ", comparison};
    case Op::gt:
      return {" > ", comparison};
    case Op::ge:
      return {" >= ", comparison};
    case Op::eq:
      return {" == ", comparison};
    case Op::ne:
      return {" != ", comparison};
    case Op::logical_and:
      return {" and ", conjunction};
    case Op::logical_or:
      return {" or ", disjunction};
    default:
      return {"", atom};
  }
}

std::string_view function_name(Op op) {
  switch (op) {
    case Op::wrap:
      return "angle";
    case Op::min_of:
      return "min";
    case Op::max_of:
      return "max";
    case Op::draw_uniform:
      return "uniform";
    case Op::draw_normal:
      return "normal";
    case Op::draw_choice:
      return "choice";
    default:
      return op_name(op);
  }
}

std::string signal_text(const SignalRef& signal) {
  const std::string name(signal_name(signal.kind));
  if (signal.kind == SignalKind::sample) return signal.name;
  if (signal.kind == SignalKind::contact) return name + "(" + signal.name + ", " + signal.other + ")";
  if (signal.name.empty()) return name;
  const std::size_t dot = std::min(name.find('.'), name.size());
  return name.substr(0, dot) + "(" + signal.name + ")" + name.substr(dot);
}

// Writes from a stack of what is still to come, so that deep terms take no deep recursion. Shared
// terms are written wherever they are used: the text of a small graph may be endless, and is cut.
class Writer {
 public:
  explicit Writer(const TermTable& table) : table_(table) {}

  std::string write(TermId id) {
    constexpr std::size_t max_size = 10'000;
    push(id, lowest);
    while (!stack_.empty()) {
      if (text_.size() > max_size) return text_ + " ...";
      const Item item = std::move(stack_.back());
      stack_.pop_back();
      if (item.text.empty())
        write_term(item.term, item.binding);
      else
        text_ += item.text;
    }
    return std::move(text_);
  }

 private:
  struct Item {
    std::string text;  // empty: a term
    TermId term = 0;
    Binding binding = lowest;  // of what stands around it
  };

  void push(std::string text) { stack_.push_back({.text = std::move(text)}); }
  void push(TermId id, Binding around) { stack_.push_back({.text = "", .term = id, .binding = around}); }

  // The last one pushed is written first.
  void push_list(const std::vector<TermId>& ids, std::string_view close) {
    push(std::string(close));
    for (std::size_t i = ids.size(); i-- > 0;) {
      push(ids[i], lowest);
      if (i > 0) push(", ");
    }
  }

  void open(Binding own, Binding around) {
    if (own >= around) return;
    text_ += '(';
    push(")");
  }

  void write_term(TermId id, Binding around) {
    const Term& term = table_[id];
    switch (term.kind) {
      case Kind::constant:
        return write_constant(term, around);
      case Kind::signal:
        text_ += signal_text(term.signal);
        return;
      case Kind::operation:
        return write_operation(term, around);
      case Kind::concat:
        text_ += '(';
        return push_list(term.args, ")");
      case Kind::slice:
        push("[" + std::to_string(term.offset) +
             (term.length == 1 ? "]" : ".." + std::to_string(term.offset + term.length) + "]"));
        return push(term.args[0], atom);
      case Kind::previous:
        text_ += "previous(";
        return push_list(term.args, ")");
      case Kind::history:
        text_ += "last " + std::to_string(term.offset) + " { ";
        return push_list(term.args, " }");
      case Kind::parameter:
        text_ += "_";
        return;
    }
  }

  void write_constant(const Term& term, Binding around) {
    if (term.length == 1) {
      if (term.boolean)
        text_ += term.values[0] != 0 ? "true" : "false";
      else {
        open(std::signbit(term.values[0]) ? sign : atom, around);
        text_ += number_text(term.values[0]);
      }
      return;
    }
    std::string list;
    for (const double value : term.values) list += (list.empty() ? "" : ", ") + number_text(value);
    text_ += "(" + list + ")";
  }

  void write_operation(const Term& term, Binding around) {
    const auto [symbol, binding] = infix(term.op);
    if (!symbol.empty()) {
      open(binding, around);
      const bool to_the_right = term.op == Op::pow;
      const Binding tighter = static_cast<Binding>(binding + 1);
      push(term.args[1], to_the_right ? binding : tighter);
      push(std::string(symbol));
      push(term.args[0], to_the_right || binding == comparison ? tighter : binding);
    } else if (term.op == Op::neg || term.op == Op::logical_not) {
      open(term.op == Op::neg ? sign : negation, around);
      text_ += term.op == Op::neg ? "-" : "not ";
      push(term.args[0], term.op == Op::neg ? sign : negation);
    } else if (term.op == Op::select) {
      open(conditional, around);
      push(term.args[2], conditional);
      push(" else ");
      push(term.args[0], disjunction);
      push(" if ");
      push(term.args[1], disjunction);
    } else {
      text_ += std::string(function_name(term.op)) + "(";
      push_list(term.args, ")");
    }
  }

  const TermTable& table_;
  std::string text_;
  std::vector<Item> stack_;
};

}  // namespace

std::string to_text(const TermTable& table, TermId id) {
  return Writer(table).write(id);
}

}  // namespace motet
