#include "language/build.h"

#include <utility>

#include "language/block_builder.h"
#include "language/expression_builder.h"

namespace motet {
namespace {

using namespace syntax;

class DeclarationBuilder {
 public:
  explicit DeclarationBuilder(const BuildContext& context) : context_(context), expressions_(context_) {}

  std::optional<Declaration> declaration(CstCursor root) {
    const CstCursor node = root.first();
    const bool broken = root->failed;
    const auto value = [&]() -> std::optional<Declaration> {
      switch (node->rule) {
        case Rule::Robot:
          return named_block<Robot>(node, TokenKind::Robot);
        case Rule::World:
          return named_block<World>(node, TokenKind::World);
        case Rule::Skill:
          return skill(node, broken);
        default:
          break;
      }
      if (broken) return std::nullopt;
      switch (node->rule) {
        case Rule::Importing:
          return import(node);
        case Rule::Let:
          return definition<Let>(node);
        case Rule::Reward:
          return definition<Reward>(node);
        default:
          return std::nullopt;
      }
    }();
    if (broken || expressions_.failed()) return std::nullopt;
    return value;
  }

 private:
  Import import(CstCursor node) {
    Import result;
    result.span = expressions_.span(node);
    for (const CstCursor child : node.children()) {
      if (child.is(Rule::Path)) {
        result.path = expressions_.path(child).text;
        result.path_span = expressions_.span(child);
      } else if (child.is(TokenKind::String)) {
        result.path = expressions_.string(child).text;
        result.path_span = expressions_.span(child);
        result.quoted = true;
      } else if (child.is(Rule::Name)) {
        result.alias = expressions_.name(child);
      }
    }
    return result;
  }

  template <class T>
  void head(T& result, CstCursor child) {
    if (child.is(Rule::Name)) result.name = expressions_.name(child);
    if (!child.is(Rule::Parameters)) return;
    result.has_parameters = true;
    for (const CstCursor name : child.children())
      if (name.is(Rule::Name)) result.parameters.push_back(expressions_.name(name));
  }

  template <class T>
  T definition(CstCursor node) {
    T result;
    result.span = expressions_.span(node);
    for (const CstCursor child : node.children()) {
      head(result, child);
      if (child.is(Rule::Expression)) result.value = expressions_.expression(child);
    }
    return result;
  }

  template <class T>
  T named_block(CstCursor node, TokenKind kind) {
    T result;
    result.span = expressions_.span(node);
    for (const CstCursor child : node.children()) {
      if (child.is(Rule::Name)) result.name = expressions_.name(child);
      if (child.is(Rule::Block)) result.items = BlockBuilder(context_, expressions_, kind).items(child);
    }
    return result;
  }

  Skill skill(CstCursor node, bool broken) {
    Skill result;
    result.span = expressions_.span(node);
    bool over = false;
    for (const CstCursor child : node.children()) {
      head(result, child);
      if (child.is(TokenKind::Over)) over = true;
      if (child.is(TokenKind::String)) result.from = expressions_.string(child);
      // The skill expression itself may be what could not be read.
      if (child.is(Rule::SkillExpression) && !broken)
        (over ? result.over : result.value) = expressions_.skill_expression(child);
      if (!child.is(Rule::Block)) continue;
      result.has_body = true;
      result.items = BlockBuilder(context_, expressions_, TokenKind::Skill).items(child);
    }
    return result;
  }

  const BuildContext context_;
  ExpressionBuilder expressions_;
};

}  // namespace

std::optional<syntax::Declaration> build(const Cst& cst, BuildContext context) {
  const CstCursor root(cst, 0);
  return DeclarationBuilder(context).declaration(root);
}

}  // namespace motet
