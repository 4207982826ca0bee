#pragma once

// Writes expressions in canonical form, with the comments that stand inside them.

#include <string_view>
#include <vector>

#include "language/layout.h"
#include "language/syntax.h"

namespace motet {

// The comments of a module, handed out in the order of the text.
class CommentReader {
 public:
  CommentReader() = default;
  CommentReader(const std::vector<syntax::Comment>& comments, std::string_view text)
      : comments_(&comments), text_(text) {}

  // The next comment that begins before the offset; null if there is none.
  const syntax::Comment* next_before(std::uint32_t offset);
  // Whether something stands before it on its line.
  bool is_trailing(const syntax::Comment& comment) const;

 private:
  const std::vector<syntax::Comment>* comments_ = nullptr;
  std::size_t next_ = 0;
  std::string_view text_;
};

class ExpressionWriter {
 public:
  ExpressionWriter(Layout& layout, CommentReader& comments) : layout_(layout), comments_(comments) {}

  void write(const syntax::Expr& expr);
  void write(const syntax::SkillExpr& expr);
  // a, b, c: each on a line of its own where they do not fit on one.
  void list(const std::vector<syntax::Expr>& exprs);
  // A word that begins at the offset, behind the comments before it.
  void word(std::string_view text, std::uint32_t offset);
  void comments_before(std::uint32_t offset);

 private:
  // In parentheses where it binds less than `least`, or where it was written in some.
  template <typename Expression>
  void write(const Expression& expr, int least);
  void write_bare(const syntax::Expr& expr);
  void number(const syntax::Expr& expr);
  void slice(const syntax::Expr& expr);
  void binary(const syntax::Expr& expr);
  void conditional(const syntax::Expr& expr);
  void bracketed(std::string_view open, const std::vector<syntax::Expr>& exprs, std::string_view close,
                 Span span);
  void write_bare(const syntax::SkillExpr& expr);
  void parts(const syntax::SkillExpr& expr, std::string_view sign, int least);

  Layout& layout_;
  CommentReader& comments_;
};

}  // namespace motet
