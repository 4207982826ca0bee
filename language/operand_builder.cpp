// What operators apply to: names, calls, members, slices and all that stands in brackets.

#include <algorithm>
#include <utility>

#include "language/expression_builder.h"

namespace motet {

using syntax::Expr;
using Kind = Expr::Kind;

ExpressionBuilder::Built ExpressionBuilder::build_primary(CstCursor first) {
  switch (first->rule) {
    case Rule::Vector:
      return build_vector(first);
    case Rule::List:
      return list_of(first);
    case Rule::History:
      return build_history(first);
    default:
      break;
  }
  switch (first->kind) {
    case TokenKind::Number:
      return {number(first, std::nullopt)};
    case TokenKind::String:
      return {string(first)};
    case TokenKind::True:
    case TokenKind::False:
      return {leaf(Kind::boolean, first)};
    default:
      return {leaf(Kind::name, first)};
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
  Built result{
      .expr = {.kind = Kind::member, .span = whole, .text_span = span(name), .text = std::string(text(name))},
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

Expr ExpressionBuilder::list(CstCursor node) {
  return list_of(node).expr;
}

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
  Built result{
      .expr = {.kind = Kind::slice, .span = join(operand.expr.span, span(node)), .text_span = span(node)},
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
