#include "language/expression_builder.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "language/units.h"

namespace motet {

using syntax::Expr;
using Kind = Expr::Kind;

void ExpressionBuilder::error(Span span, std::string message, std::string help) {
  Diagnostic d{.code = Code::M0101, .message = std::move(message), .primary = {span, ""}};
  if (!help.empty()) d.help.push_back(std::move(help));
  context_.diagnostics.add(std::move(d));
  failed_ = true;
}

bool ExpressionBuilder::deep(int depth, Span span) {
  if (depth <= context_.limits.depth) return false;
  if (!failed_) {
    context_.diagnostics.add({.code = Code::M0004,
                              .message = "this expression is deeper than the limit of " +
                                         std::to_string(context_.limits.depth) + " levels",
                              .primary = {{span.file, span.begin, span.begin}, ""},
                              .help = {"give a part of it a name with `let`"}});
  }
  failed_ = true;
  return true;
}

Expr ExpressionBuilder::leaf(Kind kind, CstCursor node) const {
  Expr result{.kind = kind, .span = span(node), .text_span = span(node), .text = std::string(text(node))};
  return result;
}

syntax::Name ExpressionBuilder::name(CstCursor node) const { return {std::string(text(node)), span(node)}; }

syntax::Name ExpressionBuilder::path(CstCursor node) const {
  syntax::Name result{"", span(node)};
  for (const CstCursor part : node.children()) result.text += text(part);
  return result;
}

Expr ExpressionBuilder::string(CstCursor node) const {
  Expr result = leaf(Kind::string, node);
  result.text = result.text.substr(1, result.text.size() - 2);
  return result;
}

// --- numbers ------------------------------------------------------------------------------------

std::int64_t ExpressionBuilder::integer(CstCursor node) {
  constexpr std::int64_t largest = 1'000'000'000;
  std::int64_t value = 0;
  for (const char c : text(node)) {
    if (c == '_') continue;
    const bool digit = c >= '0' && c <= '9';
    if (digit) value = 10 * value + (c - '0');
    if (digit && value <= largest) continue;
    error(span(node), digit ? "this number is out of range" : "a whole number is wanted here");
    return 0;
  }
  return value;
}

Expr ExpressionBuilder::number(CstCursor digits, std::optional<CstCursor> unit_word) {
  Expr result = leaf(Kind::number, digits);
  std::string spelling = result.text;
  std::erase(spelling, '_');
  const double factor = spelling.back() == 'k' ? 1e3 : spelling.back() == 'M' ? 1e6 : 1;
  if (factor != 1) spelling.pop_back();
  const auto parsed = std::from_chars(spelling.data(), spelling.data() + spelling.size(), result.value);
  result.value *= factor;
  if (parsed.ec != std::errc() || !std::isfinite(result.value)) {
    result.value = 0;
    error(result.text_span, "this number is out of range");
  }
  if (unit_word) unit(result, *unit_word);
  return result;
}

Expr ExpressionBuilder::number(CstCursor node) {
  std::optional<CstCursor> unit_word;
  for (const CstCursor child : node.children())
    if (child.is(TokenKind::Unit)) unit_word = child;
  return number(node.first(), unit_word);
}

void ExpressionBuilder::unit(Expr& number, CstCursor node) {
  number.unit = std::string(text(node));
  number.unit_span = span(node);
  number.span = join(number.span, number.unit_span);
  if (find_unit(number.unit)) return;
  Diagnostic d{.code = Code::M0102,
               .message = "there is no unit `" + number.unit.substr(0, 40) + "`",
               .primary = {number.unit_span, ""}};
  const auto near = near_unit(number.unit);
  number.unit = near.value_or("");
  if (near) {
    d.help = {"did you mean `" + *near + "`?"};
    d.fix = Fix{number.unit_span, *near};
  } else {
    std::string all;
    for (const std::string& name : unit_names()) all += (all.empty() ? "" : " ") + name;
    d.help = {"the units are " + all, "a name that is no unit stands after a comma or on the next line"};
  }
  context_.diagnostics.add(std::move(d));
}

// --- operators ----------------------------------------------------------------------------------

struct ExpressionBuilder::Operation {
  int precedence = 0;
  bool prefix = false;
  bool right_associative = false;
  std::string_view text;
  Span span;
};

namespace {

constexpr int not_precedence = 3;
constexpr int comparison = 4;
constexpr int minus_precedence = 7;

int precedence(TokenKind kind) {
  switch (kind) {
    case TokenKind::Or: return 1;
    case TokenKind::And: return 2;
    case TokenKind::Plus:
    case TokenKind::Minus: return 5;
    case TokenKind::Star:
    case TokenKind::Slash: return 6;
    case TokenKind::Caret: return 8;
    default: return comparison;
  }
}

}  // namespace

// Two stacks, so that no chain of operators is a chain of calls.
class ExpressionBuilder::OperatorStack {
 public:
  explicit OperatorStack(ExpressionBuilder& builder) : builder_(builder) {}

  void operand(Built value) { values_.push_back(std::move(value)); }

  void prefix(Operation op) {
    if (!operations_.empty() && op.precedence == not_precedence && operations_.back().precedence > op.precedence)
      builder_.error(op.span, "`not` after `" + std::string(operations_.back().text) + "` needs parentheses",
                     "write `(not ...)`");
    operations_.push_back(op);
  }

  void binary(Operation op) {
    while (!operations_.empty() && binds_before(operations_.back(), op)) reduce();
    operations_.push_back(op);
  }

  Built finish() {
    while (!operations_.empty()) reduce();
    return std::move(values_.back());
  }

 private:
  bool binds_before(const Operation& left, const Operation& right) {
    if (left.precedence == comparison && right.precedence == comparison)
      builder_.error(right.span, "comparisons do not chain", "compare twice: `a < b and b < c`");
    return left.precedence > right.precedence ||
           (left.precedence == right.precedence && !right.right_associative);
  }

  void reduce() {
    const Operation op = operations_.back();
    operations_.pop_back();
    Built right = std::move(values_.back());
    values_.pop_back();
    Built result{.expr = {.kind = op.prefix ? Kind::unary : Kind::binary, .text_span = op.span,
                          .text = std::string(op.text)}};
    if (op.prefix) {
      result.depth = right.depth + 1;
      result.expr.span = join(op.span, right.expr.span);
    } else {
      Built left = std::move(values_.back());
      values_.pop_back();
      result.depth = std::max(left.depth, right.depth) + 1;
      result.expr.span = join(left.expr.span, right.expr.span);
      result.expr.children.reserve(2);
      result.expr.children.push_back(std::move(left.expr));
    }
    if (builder_.deep(result.depth, result.expr.span)) {
      values_.push_back(std::move(right));
      return;
    }
    result.expr.children.push_back(std::move(right.expr));
    values_.push_back(std::move(result));
  }

  ExpressionBuilder& builder_;
  std::vector<Built> values_;
  std::vector<Operation> operations_;
};

Expr ExpressionBuilder::expression(CstCursor node) { return build_expression(node).expr; }

ExpressionBuilder::Built ExpressionBuilder::build_expression(CstCursor node) {
  std::vector<Built> parts = {};
  parts.push_back(build_chain(node));
  for (const CstCursor child : node.children())
    if (child.is(Rule::Chain)) parts.push_back(build_chain(child));
  return parts.size() == 1 ? std::move(parts.front()) : build_conditional(std::move(parts));
}

// a if b else c if d else e: from the right.
ExpressionBuilder::Built ExpressionBuilder::build_conditional(std::vector<Built> parts) {
  Built result = std::move(parts.back());
  for (std::size_t i = parts.size() - 1; i >= 2; i -= 2) {
    Built& value = parts[i - 2];
    Built& condition = parts[i - 1];
    const int depth = std::max({value.depth, condition.depth, result.depth}) + 1;
    const Span whole = join(value.expr.span, result.expr.span);
    if (deep(depth, whole)) break;
    Built choice{.expr = {.kind = Kind::conditional, .span = whole}, .depth = depth};
    choice.expr.children.reserve(3);
    choice.expr.children.push_back(std::move(value.expr));
    choice.expr.children.push_back(std::move(condition.expr));
    choice.expr.children.push_back(std::move(result.expr));
    result = std::move(choice);
  }
  return result;
}

// The operands and operators of the node, up to an `if`.
ExpressionBuilder::Built ExpressionBuilder::build_chain(CstCursor node) {
  OperatorStack stack(*this);
  for (const CstCursor child : node.children()) {
    if (child.is(TokenKind::If)) break;
    if (child.is(Rule::Operand)) {
      Built operand = build_operand(child, stack);
      stack.operand(std::move(operand));
    } else {
      const TokenKind kind = child->kind;
      stack.binary({precedence(kind), false, kind == TokenKind::Caret, text(child), span(child)});
    }
  }
  return stack.finish();
}

// --- operands -----------------------------------------------------------------------------------

// Prefixes, what they apply to, and what applies to that: `- body(torso).pos[0]`.
ExpressionBuilder::Built ExpressionBuilder::build_operand(CstCursor node, OperatorStack& stack) {
  std::optional<Built> result;
  for (const CstCursor child : node.children()) {
    if (!result && (child.is(TokenKind::Minus) || child.is(TokenKind::Not))) {
      const int binding = child.is(TokenKind::Not) ? not_precedence : minus_precedence;
      stack.prefix({binding, true, true, text(child), span(child)});
    } else if (!result) {
      result = build_primary(child);
    } else if (child.is(TokenKind::Unit)) {
      unit(result->expr, child);
    } else if (child.is(Rule::Arguments)) {
      call(*result, child);
    } else if (child.is(Rule::Slice)) {
      result = slice(std::move(*result), child);
    } else if (child.is(TokenKind::Name)) {
      result = member(std::move(*result), child);
    }
  }
  return std::move(*result);
}

ExpressionBuilder::Built ExpressionBuilder::build_primary(CstCursor first) {
  switch (first->rule) {
    case Rule::Vector: return build_vector(first);
    case Rule::List: return list_of(first);
    case Rule::History: return build_history(first);
    default: break;
  }
  switch (first->kind) {
    case TokenKind::Number: return {number(first, std::nullopt)};
    case TokenKind::String: return {string(first)};
    case TokenKind::True:
    case TokenKind::False: return {leaf(Kind::boolean, first)};
    default: return {leaf(Kind::name, first)};
  }
}

namespace {

// NAME or NAME.NAME...: what may stand before the parentheses of a call.
bool is_path(const Expr& expr) {
  const Expr* e = &expr;
  while (e->kind == Kind::member && !e->parenthesised) e = &e->children.front();
  return e->kind == Kind::name && !e->parenthesised;
}

std::string path_text(const Expr& expr) {
  return expr.kind == Kind::member ? path_text(expr.children.front()) + "." + expr.text : expr.text;
}

}  // namespace

void ExpressionBuilder::call(Built& callee, CstCursor node) {
  if (!is_path(callee.expr)) {
    error(callee.expr.text_span, "`" + callee.expr.text + "` cannot be called on this");
    return;
  }
  Built result{.expr = {.kind = Kind::call,
                        .span = join(callee.expr.span, span(node)),
                        .text_span = callee.expr.span,
                        .text = path_text(callee.expr)}};
  result.depth += arguments(node, result.expr.children);
  callee = std::move(result);
}

ExpressionBuilder::Built ExpressionBuilder::member(Built operand, CstCursor name) {
  const Span whole = join(operand.expr.span, span(name));
  if (deep(operand.depth + 1, whole)) return operand;
  Built result{.expr = {.kind = Kind::member, .span = whole, .text_span = span(name), .text = std::string(text(name))},
               .depth = operand.depth + 1};
  result.expr.children.push_back(std::move(operand.expr));
  return result;
}

int ExpressionBuilder::arguments(CstCursor node, std::vector<Expr>& result) {
  int depth = 0;
  for (const CstCursor child : node.children()) {
    if (!child.is(Rule::Argument)) continue;
    Expr named{.kind = Kind::argument, .span = span(child)};
    bool is_named = false;
    for (const CstCursor part : child.children()) {
      if (part.is(TokenKind::ArgumentName)) {
        is_named = true;
        named.text = text(part);
        named.text_span = span(part);
        continue;
      }
      Built value = build_expression(part);
      depth = std::max(depth, value.depth + (is_named ? 1 : 0));
      if (is_named) named.children.push_back(std::move(value.expr));
      result.push_back(std::move(is_named ? named : value.expr));
    }
  }
  return depth;
}

int ExpressionBuilder::elements(CstCursor node, std::vector<Expr>& result) {
  int depth = 0;
  for (const CstCursor child : node.children()) {
    if (!child.is(Rule::Expression)) continue;
    Built element = build_expression(child);
    depth = std::max(depth, element.depth);
    result.push_back(std::move(element.expr));
  }
  return depth;
}

ExpressionBuilder::Built ExpressionBuilder::build_vector(CstCursor node) {
  Built result{.expr = {.kind = Kind::vector, .span = span(node)}};
  result.depth += elements(node, result.expr.children);
  if (result.expr.children.size() > 1) return result;
  Built inner{std::move(result.expr.children.front()), result.depth - 1};
  inner.expr.span = result.expr.span;
  inner.expr.parenthesised = true;
  return inner;
}

Expr ExpressionBuilder::list(CstCursor node) { return list_of(node).expr; }

ExpressionBuilder::Built ExpressionBuilder::list_of(CstCursor node) {
  Built result{.expr = {.kind = Kind::list, .span = span(node)}};
  result.depth += elements(node, result.expr.children);
  return result;
}

ExpressionBuilder::Built ExpressionBuilder::build_history(CstCursor node) {
  Built result{.expr = {.kind = Kind::history, .span = span(node)}};
  const CstCursor count = node.first().next();
  result.expr.text_span = span(count);
  result.expr.value = static_cast<double>(integer(count));
  result.depth += elements(node, result.expr.children);
  return result;
}

ExpressionBuilder::Built ExpressionBuilder::slice(Built operand, CstCursor node) {
  if (deep(operand.depth + 1, operand.expr.span)) return operand;
  Built result{.expr = {.kind = Kind::slice, .span = join(operand.expr.span, span(node)),
                        .text_span = span(node)},
               .depth = operand.depth + 1};
  bool range = false;
  for (const CstCursor child : node.children()) {
    if (child.is(TokenKind::DotDot)) range = true;
    if (child.is(TokenKind::Number)) (range ? result.expr.last : result.expr.first) = integer(child);
  }
  if (!range) {
    result.expr.last = *result.expr.first + 1;
    result.expr.single = true;
  }
  result.expr.children.push_back(std::move(operand.expr));
  return result;
}

}  // namespace motet
