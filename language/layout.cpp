#include "language/layout.h"

#include <algorithm>

#include "language/text/utf8.h"

namespace motet {
namespace {

// However deep the nesting, lines start before this column: the text must not grow with its square.
constexpr int deepest_indent = 60;

int columns_of(std::string_view text) {
  int columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::CodePoint point = utf8::decode(text, i);
    columns += utf8::width(point.value);
    i += point.bytes;
  }
  return columns;
}

}  // namespace

void Layout::text(std::string_view text) {
  add(Kind::text, text, columns_of(text));
}

void Layout::line(std::string_view flat) {
  add(Kind::line, flat, columns_of(flat));
}

void Layout::comment(std::string_view text, bool trailing) {
  add(trailing ? Kind::trailing_comment : Kind::own_comment, "//" + std::string(text));
}

class Layout::Printer {
 public:
  Printer(const std::vector<Command>& commands, int width) : commands_(commands), width_(width) {}

  std::string run() {
    for (at_ = 0; at_ < commands_.size(); ++at_) step(commands_[at_]);
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  bool flat() const { return !flat_.empty() && flat_.back(); }

  void step(const Command& command) {
    switch (command.kind) {
      case Kind::text:
        return write(command.text, command.columns);
      case Kind::space:
        spaces_.assign(static_cast<std::size_t>(command.columns), ' ');
        return;
      case Kind::gap:
        spaces_.assign(flat() ? 1 : static_cast<std::size_t>(command.columns), ' ');
        return;
      case Kind::line:
        if (flat()) {
          spaces_ = command.text;
        } else {
          lines_ = std::max(lines_, 1);
        }
        return;
      case Kind::new_line:
        lines_ = std::max(lines_, 1);
        return;
      case Kind::blank_line:
        lines_ = 2;
        return;
      case Kind::begin_group:
        flat_.push_back(flat() || fits());
        return;
      case Kind::end_group:
        flat_.pop_back();
        return;
      case Kind::begin_indent:
        indents_.push_back(std::min(indents_.back() + command.columns, deepest_indent));
        return;
      case Kind::begin_align:
        indents_.push_back(std::min(next_column(), deepest_indent));
        return;
      case Kind::end_indent:
        indents_.pop_back();
        return;
      case Kind::trailing_comment:
      case Kind::own_comment:
        return comment(command);
    }
  }

  int next_column() const {
    return lines_ > 0 || out_.empty() ? indents_.back() : column_ + static_cast<int>(spaces_.size());
  }

  void write(std::string_view text, int columns) {
    column_ = next_column();
    if (lines_ > 0 && !out_.empty()) {
      out_.append(static_cast<std::size_t>(lines_), '\n');
      out_.append(static_cast<std::size_t>(indents_.back()), ' ');
    } else {
      out_ += spaces_;
    }
    lines_ = 0;
    spaces_.clear();
    out_ += text;
    column_ += columns;
    after_comment_ = false;
  }

  void comment(const Command& command) {
    const int lines = std::max(lines_, 1);
    // Two comments behind one word would read as one.
    if (command.kind == Kind::trailing_comment && !after_comment_ && !out_.empty()) {
      lines_ = 0;
      spaces_ = "  ";
      write(command.text, 0);
      lines_ = lines;
    } else {
      lines_ = lines;
      write(command.text, 0);
      lines_ = 1;
    }
    after_comment_ = true;
  }

  // Whether what stands from here to the next possible break after the group fits on the line.
  bool fits() const {
    int room = width_ - next_column();
    int depth = 0;
    for (std::size_t i = at_; i < commands_.size() && room >= 0; ++i) {
      const Command& command = commands_[i];
      switch (command.kind) {
        case Kind::text:
          room -= command.columns;
          break;
        case Kind::space:
          room -= command.columns;
          break;
        case Kind::gap:
          --room;
          break;
        case Kind::line:
          if (depth == 0) return true;
          room -= command.columns;
          break;
        case Kind::new_line:
        case Kind::blank_line:
        case Kind::own_comment:
        case Kind::trailing_comment:
          return depth == 0;
        case Kind::begin_group:
          ++depth;
          break;
        case Kind::end_group:
          depth = std::max(0, depth - 1);
          break;
        default:
          break;
      }
    }
    return room >= 0;
  }

  const std::vector<Command>& commands_;
  int width_;
  std::size_t at_ = 0;
  std::string out_;
  int column_ = 0;
  int lines_ = 0;  // to be written before the next text
  std::string spaces_;
  bool after_comment_ = false;
  std::vector<bool> flat_;
  std::vector<int> indents_ = {0};
};

std::string Layout::print(int width) const {
  return Printer(commands_, width).run();
}

}  // namespace motet
