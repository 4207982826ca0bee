// Expressions over skills: `2 * a & b | c over d`.

#include <algorithm>
#include <utility>

#include "language/expression_builder.h"

namespace motet {

using syntax::Expr;
using syntax::SkillExpr;

SkillExpr ExpressionBuilder::skill_expression(CstCursor node) {
  return build_skill(node).expr;
}

ExpressionBuilder::BuiltSkill ExpressionBuilder::build_skill(CstCursor node) {
  // `*` binds tighter than `&`, that than `|`, that than `over`: each is collected until one that
  // binds less ends it.
  std::vector<CstCursor> factors;
  std::vector<BuiltSkill> both, either, layers;
  const auto gather = [](std::vector<BuiltSkill>& parts, SkillExpr::Kind kind) {
    if (parts.size() == 1) return std::exchange(parts, {}).front();
    BuiltSkill result{.expr = {.kind = kind, .span = join(parts.front().expr.span, parts.back().expr.span)}};
    for (BuiltSkill& part : parts) {
      result.depth = std::max(result.depth, part.depth + 1);
      result.expr.children.push_back(std::move(part.expr));
    }
    parts.clear();
    return result;
  };
  const auto end_product = [&] { both.push_back(build_product(std::exchange(factors, {}))); };
  const auto end_both = [&] { either.push_back(gather(both, SkillExpr::Kind::both)); };
  const auto end_either = [&] { layers.push_back(gather(either, SkillExpr::Kind::either)); };
  for (const CstCursor child : node.children()) {
    if (child.is(Rule::SkillOperand)) {
      factors.push_back(child);
      continue;
    }
    if (child.is(TokenKind::Star)) continue;
    end_product();
    if (child.is(TokenKind::Amp)) continue;
    end_both();
    if (child.is(TokenKind::Pipe)) continue;
    end_either();
  }
  end_product();
  end_both();
  end_either();

  // a over b over c: a stands on what b over c is.
  BuiltSkill result = std::move(layers.back());
  for (std::size_t i = layers.size() - 1; i-- > 0;) {
    BuiltSkill layer{
        .expr = {.kind = SkillExpr::Kind::over, .span = join(layers[i].expr.span, result.expr.span)},
        .depth = std::max(layers[i].depth, result.depth) + 1};
    if (deep(layer.depth, layer.expr.span)) break;
    layer.expr.children.push_back(std::move(layers[i].expr));
    layer.expr.children.push_back(std::move(result.expr));
    result = std::move(layer);
  }
  return result;
}

// WEIGHT * ... * SKILL
ExpressionBuilder::BuiltSkill ExpressionBuilder::build_product(std::vector<CstCursor> factors) {
  BuiltSkill skill = build_skill_operand(factors.back());
  if (factors.size() == 1 || factors.back().first().is(Rule::Number)) return skill;
  std::vector<Expr> weight;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < factors.size(); ++i) {
    const CstCursor first = factors[i].first();
    Expr factor{.kind = Expr::Kind::number, .span = span(factors[i])};
    int factor_depth = 1;
    if (first.is(Rule::Number)) {
      factor = number(first);
    } else if (first.is(Rule::Path)) {
      const syntax::Name name = path(first);
      factor = {
          .kind = Expr::Kind::name, .span = span(factors[i]), .text_span = name.span, .text = name.text};
      for (const CstCursor child : factors[i].children()) {
        if (!child.is(Rule::Arguments)) continue;
        factor.kind = Expr::Kind::call;
        factor_depth += arguments(child, factor.children);
      }
    } else {
      error(span(factors[i]), "a weight is a number or a name",
            "write the number, or give it a name with `let`");
    }
    if (weight.empty()) {
      weight.push_back(std::move(factor));
      depth = factor_depth;
      continue;
    }
    const Span whole = join(weight.front().span, factor.span);
    depth = std::max(depth, factor_depth) + 1;
    if (deep(depth, whole)) break;
    Expr product{.kind = Expr::Kind::binary, .span = whole, .text_span = factor.span, .text = "*"};
    product.children.push_back(std::move(weight.front()));
    product.children.push_back(std::move(factor));
    weight.front() = std::move(product);
  }
  BuiltSkill result{
      .expr = {.kind = SkillExpr::Kind::scaled, .span = join(span(factors.front()), span(factors.back()))},
      .depth = std::max(skill.depth, depth) + 1};
  result.expr.weight = std::move(weight);
  result.expr.children.push_back(std::move(skill.expr));
  return result;
}

ExpressionBuilder::BuiltSkill ExpressionBuilder::build_skill_operand(CstCursor node) {
  const CstCursor first = node.first();
  if (first.is(TokenKind::LParen)) {
    BuiltSkill inner = build_skill(first.next());
    inner.expr.span = span(node);
    inner.expr.parenthesised = true;
    return inner;
  }
  BuiltSkill result{.expr = {.kind = SkillExpr::Kind::reference, .span = span(node)}};
  if (first.is(Rule::Number)) {
    error(span(node), "a skill is wanted here, not a number", "a weight stands before its skill: `2 * a`");
    return result;
  }
  result.expr.name = path(first);
  for (const CstCursor child : node.children()) {
    if (!child.is(Rule::Arguments)) continue;
    result.expr.has_arguments = true;
    result.depth += arguments(child, result.expr.arguments);
  }
  return result;
}

}  // namespace motet
