#pragma once

// Lays text out in lines of a width, as pretty printers do: a group stands on one line if it fits,
// else each of its lines breaks.

#include <string>
#include <string_view>
#include <vector>

namespace motet {

class Layout {
 public:
  void text(std::string_view text);
  // In a group that fits `flat`, else a new line.
  void line(std::string_view flat = " ");
  void new_line() { add(Kind::new_line); }
  // Leaves one line empty.
  void blank_line() { add(Kind::blank_line); }
  void space(int columns = 1) { add(Kind::space, "", columns); }
  // As many columns where the group is broken, else one.
  void gap(int columns) { add(Kind::gap, "", columns); }

  void begin_group() { add(Kind::begin_group); }
  void end_group() { add(Kind::end_group); }
  // New lines start `by` columns further in.
  void begin_indent(int by) { add(Kind::begin_indent, "", by); }
  // New lines start at the present column, or at a limit before it.
  void begin_align() { add(Kind::begin_align); }
  void end_indent() { add(Kind::end_indent); }

  // `//` and the text, up to the end of the line: behind the last word if `trailing`, else on a line
  // of its own. Breaks every group around it.
  void comment(std::string_view text, bool trailing);

  std::string print(int width) const;

 private:
  enum class Kind {
    text,
    line,
    new_line,
    blank_line,
    space,
    gap,
    begin_group,
    end_group,
    begin_indent,
    begin_align,
    end_indent,
    own_comment,
    trailing_comment,
  };
  struct Command {
    Kind kind;
    std::string text;
    int columns;  // of the text, the space or the indent
  };
  class Printer;

  void add(Kind kind, std::string_view text = "", int columns = 0) {
    commands_.push_back({kind, std::string(text), columns});
  }

  std::vector<Command> commands_;
};

}  // namespace motet
