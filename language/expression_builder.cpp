#include "language/expression_builder.h"

#include <algorithm>
#include <utility>

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

syntax::Name ExpressionBuilder::name(CstCursor node) const {
  return {std::string(text(node)), span(node)};
}

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
    case TokenKind::Or:
      return 1;
    case TokenKind::And:
      return 2;
    case TokenKind::Plus:
    case TokenKind::Minus:
      return 5;
    case TokenKind::Star:
    case TokenKind::Slash:
      return 6;
    case TokenKind::Caret:
      return 8;
    default:
      return comparison;
  }
}

}  // namespace

// Two stacks, so that no chain of operators is a chain of calls.
class ExpressionBuilder::OperatorStack {
 public:
  explicit OperatorStack(ExpressionBuilder& builder) : builder_(builder) {}

  void operand(Built value) { values_.push_back(std::move(value)); }

  void prefix(Operation op) {
    if (!operations_.empty() && op.precedence == not_precedence &&
        operations_.back().precedence > op.precedence)
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
    Built result{.expr = {.kind = op.prefix ? Kind::unary : Kind::binary,
                          .text_span = op.span,
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

Expr ExpressionBuilder::expression(CstCursor node) {
  return build_expression(node).expr;
}

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

}  // namespace motet
