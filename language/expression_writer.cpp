#include "language/expression_writer.h"

#include <array>
#include <charconv>

namespace motet {

using syntax::Expr;
using syntax::SkillExpr;
using Kind = Expr::Kind;

namespace {

// As in expression_builder.cpp; an operand that needs parentheses nowhere is 9.
int precedence(const Expr& expr) {
  switch (expr.kind) {
    case Kind::conditional:
      return 0;
    case Kind::unary:
      return expr.text == "not" ? 3 : 7;
    case Kind::binary:
      break;
    default:
      return 9;
  }
  if (expr.text == "or") return 1;
  if (expr.text == "and") return 2;
  if (expr.text == "+" || expr.text == "-") return 5;
  if (expr.text == "*" || expr.text == "/") return 6;
  return expr.text == "^" ? 8 : 4;
}

int precedence(const SkillExpr& expr) {
  switch (expr.kind) {
    case SkillExpr::Kind::over:
      return 0;
    case SkillExpr::Kind::either:
      return 1;
    case SkillExpr::Kind::both:
      return 2;
    case SkillExpr::Kind::scaled:
      return 3;
    case SkillExpr::Kind::reference:
      break;
  }
  return 4;
}

std::string spell(double value) {
  std::array<char, 32> buffer;
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

// Whether a weight can be written before a skill without becoming something else.
bool is_plain_weight(const Expr& expr) {
  if (expr.kind == Kind::binary && expr.text == "*")
    return is_plain_weight(expr.children[0]) && is_plain_weight(expr.children[1]);
  return expr.kind == Kind::number || expr.kind == Kind::name || expr.kind == Kind::call;
}

}  // namespace

// --- comments -----------------------------------------------------------------------------------

const syntax::Comment* CommentReader::next_before(std::uint32_t offset) {
  if (!comments_ || next_ >= comments_->size() || (*comments_)[next_].span.begin >= offset) return nullptr;
  return &(*comments_)[next_++];
}

bool CommentReader::is_trailing(const syntax::Comment& comment) const {
  for (std::size_t i = comment.span.begin; i-- > 0;) {
    const char c = text_[i];
    if (c == '\n' || c == '\r') return false;
    if (c != ' ' && c != '\t') return true;
  }
  return false;
}

void ExpressionWriter::comments_before(std::uint32_t offset) {
  while (const auto* comment = comments_.next_before(offset))
    layout_.comment(comment->text, comments_.is_trailing(*comment));
}

void ExpressionWriter::word(std::string_view text, std::uint32_t offset) {
  comments_before(offset);
  layout_.text(text);
}

template <typename Expression>
void ExpressionWriter::write(const Expression& expr, int least) {
  if (!expr.parenthesised && precedence(expr) >= least) return write_bare(expr);
  word("(", expr.span.begin);
  layout_.begin_align();
  write_bare(expr);
  if (expr.parenthesised) comments_before(expr.span.end - 1);
  layout_.end_indent();
  layout_.text(")");
}

void ExpressionWriter::write(const Expr& expr) {
  write(expr, 0);
}
void ExpressionWriter::write(const SkillExpr& expr) {
  write(expr, 0);
}

// --- expressions --------------------------------------------------------------------------------

void ExpressionWriter::write_bare(const Expr& expr) {
  switch (expr.kind) {
    case Kind::number:
      return number(expr);
    case Kind::string:
      return word("\"" + expr.text + "\"", expr.text_span.begin);
    case Kind::boolean:
    case Kind::name:
      return word(expr.text, expr.text_span.begin);
    case Kind::vector:
      return bracketed("(", expr.children, ")", expr.span);
    case Kind::list:
      return bracketed("[", expr.children, "]", expr.span);
    case Kind::call:
      word(expr.text, expr.text_span.begin);
      return bracketed("(", expr.children, ")", expr.span);
    case Kind::member:
      write(expr.children[0], 9);
      layout_.text(".");
      return word(expr.text, expr.text_span.begin);
    case Kind::slice:
      return slice(expr);
    case Kind::unary:
      word(expr.text, expr.text_span.begin);
      if (expr.text == "not") layout_.space();
      return write(expr.children[0], precedence(expr));
    case Kind::binary:
      return binary(expr);
    case Kind::conditional:
      return conditional(expr);
    case Kind::history:
      comments_before(expr.text_span.begin);
      layout_.text("last " + std::to_string(static_cast<std::int64_t>(expr.value)));
      layout_.space();
      return bracketed("{", expr.children, "}", expr.span);
    case Kind::argument:
      word(expr.text, expr.text_span.begin);
      layout_.space();
      return write(expr.children[0], 0);
  }
}

void ExpressionWriter::number(const Expr& expr) {
  word(expr.text.empty() ? spell(expr.value) : expr.text, expr.text_span.begin);
  if (expr.unit.empty()) return;
  layout_.space();
  word(expr.unit, expr.unit_span.begin);
}

void ExpressionWriter::slice(const Expr& expr) {
  write(expr.children[0], 9);
  std::string range = "[" + (expr.first ? std::to_string(*expr.first) : "");
  if (!expr.single) range += ".." + (expr.last ? std::to_string(*expr.last) : "");
  word(range, expr.text_span.begin);
  if (expr.text_span.end > 0) comments_before(expr.text_span.end - 1);
  layout_.text("]");
}

// Operators of one precedence in a row are one group: they break all or not at all.
void ExpressionWriter::binary(const Expr& expr) {
  const int own = precedence(expr);
  const bool right_associative = own == 8;
  std::vector<const Expr*> row = {&expr};
  while (own != 4 && !right_associative) {
    const Expr& left = row.back()->children[0];
    if (left.kind != Kind::binary || left.parenthesised || precedence(left) != own) break;
    row.push_back(&left);
  }
  layout_.begin_group();
  write(row.back()->children[0], own == 4 || right_associative ? own + 1 : own);
  for (std::size_t i = row.size(); i-- > 0;) {
    if (right_associative) {
      layout_.space();
    } else {
      layout_.line();
    }
    word(row[i]->text, row[i]->text_span.begin);
    layout_.space();
    // A minus may stand behind `^` as it is: a ^ -b.
    write(row[i]->children[1], right_associative ? 7 : own + 1);
  }
  layout_.end_group();
}

void ExpressionWriter::conditional(const Expr& expr) {
  layout_.begin_group();
  const Expr* e = &expr;
  for (bool first = true; first || (e->kind == Kind::conditional && !e->parenthesised); first = false) {
    write(e->children[0], 1);
    // value / if condition / else value if condition / else value
    if (first) {
      layout_.line();
    } else {
      layout_.space();
    }
    layout_.text("if");
    layout_.space();
    write(e->children[1], 1);
    layout_.line();
    layout_.text("else");
    layout_.space();
    e = &e->children[2];
  }
  write(*e, 0);
  layout_.end_group();
}

void ExpressionWriter::list(const std::vector<Expr>& exprs) {
  for (std::size_t i = 0; i < exprs.size(); ++i) {
    if (i > 0) {
      layout_.text(",");
      layout_.line();
    }
    write(exprs[i], 0);
  }
}

void ExpressionWriter::bracketed(std::string_view open, const std::vector<Expr>& exprs,
                                 std::string_view close, Span span) {
  const bool braces = open == "{";
  comments_before(span.begin);
  layout_.begin_group();
  layout_.text(open);
  layout_.begin_align();
  if (braces) layout_.space();
  list(exprs);
  if (span.end > 0) comments_before(span.end - 1);
  layout_.end_indent();
  if (braces) layout_.space();
  layout_.text(close);
  layout_.end_group();
}

// --- skills -------------------------------------------------------------------------------------

void ExpressionWriter::write_bare(const SkillExpr& expr) {
  switch (expr.kind) {
    case SkillExpr::Kind::reference:
      word(expr.name.text, expr.name.span.begin);
      if (expr.has_arguments) bracketed("(", expr.arguments, ")", expr.span);
      return;
    case SkillExpr::Kind::scaled:
      write(expr.weight.front(), is_plain_weight(expr.weight.front()) ? 0 : 9);
      layout_.text(" *");
      layout_.space();
      return write(expr.children.front(), 4);
    case SkillExpr::Kind::both:
      return parts(expr, "&", 3);
    case SkillExpr::Kind::either:
      return parts(expr, "|", 2);
    case SkillExpr::Kind::over: {
      // a over b over c stands on the right: a over (b over c).
      layout_.begin_group();
      const SkillExpr* e = &expr;
      for (bool first = true; first || (e->kind == SkillExpr::Kind::over && !e->parenthesised);
           first = false) {
        write(e->children[0], 1);
        layout_.line();
        layout_.text("over");
        layout_.space();
        e = &e->children[1];
      }
      write(*e, 0);
      layout_.end_group();
      return;
    }
  }
}

void ExpressionWriter::parts(const SkillExpr& expr, std::string_view sign, int least) {
  layout_.begin_group();
  for (std::size_t i = 0; i < expr.children.size(); ++i) {
    if (i > 0) {
      layout_.line();
      layout_.text(sign);
      layout_.space();
    }
    write(expr.children[i], least);
  }
  layout_.end_group();
}

}  // namespace motet
