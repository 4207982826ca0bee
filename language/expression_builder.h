#pragma once

// Expressions: precedence, numbers and units.

#include "language/build.h"

namespace motet {

class ExpressionBuilder {
 public:
  explicit ExpressionBuilder(const BuildContext& context) : context_(context) {}

  syntax::Expr expression(CstCursor node);
  syntax::SkillExpr skill_expression(CstCursor node);
  syntax::Expr number(CstCursor digits, std::optional<CstCursor> unit);
  syntax::Expr number(CstCursor node);  // of the rule `number`
  syntax::Expr list(CstCursor node);
  syntax::Expr string(CstCursor leaf) const;
  syntax::Name name(CstCursor node) const;
  syntax::Name path(CstCursor node) const;  // a.b.c, as one name
  // The content of the brackets of `swing[4]`.
  std::int64_t integer(CstCursor leaf);

  Span span(CstCursor node) const { return {context_.file, node->begin, node->end}; }
  std::string_view text(CstCursor node) const {
    return context_.text.substr(node->begin, node->end - node->begin);
  }

  void error(Span span, std::string message, std::string help = "");
  // An error was found that leaves no tree.
  bool failed() const { return failed_; }

 private:
  // A tree and how deep it is.
  struct Built {
    syntax::Expr expr;
    int depth = 1;
  };
  struct BuiltSkill {
    syntax::SkillExpr expr;
    int depth = 1;
  };
  struct Operation;
  class OperatorStack;

  Built build_expression(CstCursor node);
  Built build_chain(CstCursor node);
  Built build_conditional(std::vector<Built> parts);
  Built build_operand(CstCursor node, OperatorStack& stack);
  Built build_primary(CstCursor first);
  Built member(Built operand, CstCursor name);
  void call(Built& callee, CstCursor arguments);
  Built build_vector(CstCursor node);
  Built build_history(CstCursor node);
  Built slice(Built operand, CstCursor node);
  int arguments(CstCursor node, std::vector<syntax::Expr>& result);
  // Appends the expressions below the node; the depth of the deepest.
  int elements(CstCursor node, std::vector<syntax::Expr>& result);
  Built list_of(CstCursor node);

  BuiltSkill build_skill(CstCursor node);
  BuiltSkill build_product(std::vector<CstCursor> factors);
  BuiltSkill build_skill_operand(CstCursor node);

  syntax::Expr leaf(syntax::Expr::Kind kind, CstCursor node) const;
  void unit(syntax::Expr& number, CstCursor node);
  bool deep(int depth, Span span);

  const BuildContext& context_;
  bool failed_ = false;
};

}  // namespace motet
