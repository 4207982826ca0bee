#include "language/format.h"

#include <algorithm>

#include "language/expression_writer.h"
#include "language/item_writer.h"

namespace motet {
namespace {

constexpr int page_width = 100;
constexpr int no_width = 1 << 30;

using namespace syntax;

class ModuleWriter {
 public:
  ModuleWriter(const Module& module, std::string_view text)
      : module_(module),
        text_(text),
        comments_(module.comments, text),
        expressions_(layout_, comments_),
        items_(layout_, expressions_) {}

  std::string run() {
    for (const Declaration& declaration : module_.declarations) {
      const Span span = span_of(declaration);
      start_line(span.begin, at_file_start_);
      at_file_start_ = false;
      std::visit([&](const auto& d) { write(d); }, declaration);
      last_end_ = span.end;
    }
    start_line(static_cast<std::uint32_t>(text_.size() + 1), at_file_start_);
    return layout_.print(page_width);
  }

 private:
  // What is written next begins a line, behind the comments before it; an empty line before it stays,
  // unless it is the first thing in a block.
  void start_line(std::uint32_t begin, bool first) {
    first = comment_lines(begin, first);
    separate(begin, first);
  }

  // Whether still nothing stands in the block.
  bool comment_lines(std::uint32_t end, bool first) {
    while (const Comment* comment = comments_.next_before(end)) {
      const bool trailing = comments_.is_trailing(*comment);
      if (!trailing) separate(comment->span.begin, first);
      layout_.comment(comment->text, trailing);
      first = first && trailing;
      last_end_ = comment->span.end;
    }
    return first;
  }

  void separate(std::uint32_t begin, bool first) {
    if (first || !empty_line_between(last_end_, begin)) {
      layout_.new_line();
    } else {
      layout_.blank_line();
    }
  }

  bool empty_line_between(std::uint32_t end, std::uint32_t begin) const {
    if (end >= begin || begin > text_.size()) return false;
    int lines = 0;
    for (std::uint32_t i = end; i < begin; ++i)
      if (text_[i] == '\n' || (text_[i] == '\r' && text_[i + 1] != '\n')) ++lines;
    return lines > 1;
  }

  void write(const Import& import) {
    layout_.text("import");
    layout_.space();
    expressions_.word(import.quoted ? "\"" + import.path + "\"" : import.path, import.path_span.begin);
    if (!import.alias) return;
    layout_.space();
    layout_.text("as");
    layout_.space();
    expressions_.word(import.alias->text, import.alias->span.begin);
  }

  void write(const Let& let) { definition("let", let); }
  void write(const Reward& reward) { definition("reward", reward); }

  template <class T>
  void definition(std::string_view keyword, const T& d) {
    head(keyword, d.name);
    layout_.begin_indent(4);
    if (d.has_parameters) parameters(d.parameters);
    layout_.text(" =");
    layout_.space();
    expressions_.write(d.value);
    layout_.end_indent();
  }

  void write(const Robot& robot) { named_block("robot", robot); }
  void write(const World& world) { named_block("world", world); }

  template <class T>
  void named_block(std::string_view keyword, const T& d) {
    head(keyword, d.name);
    layout_.space();
    block(d.items, d.span);
  }

  void write(const Skill& skill) {
    head("skill", skill.name);
    layout_.begin_indent(4);
    if (skill.has_parameters) parameters(skill.parameters);
    if (skill.over || skill.value) {
      layout_.space();
      layout_.text(skill.over ? "over" : "=");
      layout_.space();
      expressions_.write(skill.over ? *skill.over : *skill.value);
    }
    if (skill.from) {
      layout_.space();
      layout_.text("from");
      layout_.space();
      expressions_.write(*skill.from);
    }
    layout_.end_indent();
    if (!skill.has_body) return;
    layout_.space();
    block(skill.items, skill.span);
  }

  void head(std::string_view keyword, const Name& name) {
    layout_.text(keyword);
    layout_.space();
    expressions_.word(name.text, name.span.begin);
  }

  void parameters(const std::vector<Name>& names) {
    layout_.text("(");
    layout_.begin_align();
    layout_.begin_group();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) {
        layout_.text(",");
        layout_.line();
      }
      expressions_.word(names[i].text, names[i].span.begin);
    }
    layout_.end_group();
    layout_.end_indent();
    layout_.text(")");
  }

  void block(const std::vector<Item>& items, Span declaration) {
    layout_.text("{");
    layout_.begin_indent(2);
    int width = 0;
    for (const Item& item : items) width = std::max(width, static_cast<int>(keyword(item).size()));
    bool first = true;
    for (const Item& item : items) {
      const Span span = span_of(item);
      start_line(span.begin, first);
      first = false;
      items_.write(item, width);
      last_end_ = span.end;
    }
    first = comment_lines(declaration.end - 1, first);
    layout_.end_indent();
    if (!first) layout_.new_line();
    layout_.text("}");
  }

  const Module& module_;
  std::string_view text_;
  Layout layout_;
  CommentReader comments_;
  ExpressionWriter expressions_;
  ItemWriter items_;
  bool at_file_start_ = true;
  std::uint32_t last_end_ = 0;
};

template <class T>
std::string on_one_line(const T& expression) {
  Layout layout;
  CommentReader comments;
  ExpressionWriter(layout, comments).write(expression);
  std::string text = layout.print(no_width);
  text.pop_back();  // the end of the line
  return text;
}

}  // namespace

std::string format(const Module& module, const SourceMap& sources) {
  return ModuleWriter(module, sources.file(module.file).text()).run();
}

std::string format(const Expr& expression) {
  return on_one_line(expression);
}

std::string format(const SkillExpr& expression) {
  return on_one_line(expression);
}

}  // namespace motet
