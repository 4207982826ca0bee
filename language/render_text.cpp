// The form of diagnostics that people read.

#include <algorithm>
#include <map>

#include "language/diagnostic.h"
#include "language/text/utf8.h"

namespace motet {
namespace {

constexpr int tab_width = 4;
constexpr int widest_line = 160;  // longer lines are shown around their first label only

enum class Colour { none, error, warning, gutter, help, strong };

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}

  std::string operator()(Colour colour, std::string_view text) const {
    if (!colour_ || colour == Colour::none || text.empty()) return std::string(text);
    static constexpr const char* codes[] = {"", "1;31", "1;33", "1;34", "1;36", "1"};
    return std::string("\x1b[") + codes[static_cast<int>(colour)] + "m" + std::string(text) + "\x1b[0m";
  }

 private:
  bool colour_;
};

// Text that a terminal may show: nothing in it moves the cursor or changes colours.
std::string printable(std::string_view text, bool keep_newlines = false) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::CodePoint point = utf8::decode(text, i);
    const bool keep = (point.value == '\n' && keep_newlines) || !utf8::is_control(point.value);
    result += point.valid && keep ? text.substr(i, point.bytes) : std::string_view("\xef\xbf\xbd");
    i += point.bytes;
  }
  return result;
}

// A line as it is shown, cut to a window, and the way from bytes to its columns.
class ShownLine {
 public:
  ShownLine(std::string_view whole_line, std::size_t first_mark) {
    // Of a line of megabytes only what is near the mark is looked at.
    constexpr std::size_t near = 2000;
    if (first_mark > 2 * near) skipped_ = first_mark - near;
    while (skipped_ > 0 && (static_cast<unsigned char>(whole_line[skipped_]) & 0xc0) == 0x80) --skipped_;
    const std::string_view text = whole_line.substr(skipped_, 3 * near);
    const int mark = column_in(text, first_mark - skipped_);
    const int whole = column_in(text, text.size());
    if (whole > widest_line) {
      from_ = std::max(0, mark - widest_line / 4);
      to_ = from_ + widest_line;
    }
    if (from_ > 0) text_ = "...";
    int column = 0;
    starts_.reserve(text.size() + 1);
    for (std::size_t i = 0; i < text.size();) {
      const utf8::CodePoint point = utf8::decode(text, i);
      starts_.insert(starts_.end(), point.bytes, clamp(column));
      const int next = column + advance(point, column);
      if (column >= from_ && next <= to_) {
        if (point.value == '\t')
          text_.append(static_cast<std::size_t>(next - column), ' ');
        else
          text_ += printable(text.substr(i, point.bytes));
      }
      column = next;
      i += point.bytes;
    }
    starts_.push_back(clamp(column));
    if (column > to_) text_ += "...";
  }

  const std::string& text() const { return text_; }
  int column(std::size_t byte) const {
    return starts_[std::min(byte - std::min(byte, skipped_), starts_.size() - 1)];
  }

 private:
  static int advance(const utf8::CodePoint& point, int column) {
    if (point.value == '\t') return tab_width - column % tab_width;
    return point.valid && !utf8::is_control(point.value) ? utf8::width(point.value) : 1;
  }
  static int column_in(std::string_view text, std::size_t byte) {
    int column = 0;
    for (std::size_t i = 0; i < std::min(byte, text.size());) {
      const utf8::CodePoint point = utf8::decode(text, i);
      column += advance(point, column);
      i += point.bytes;
    }
    return column;
  }
  int clamp(int column) const { return std::clamp(column, from_, to_) - from_ + (from_ > 0 ? 3 : 0); }

  std::string text_;
  std::vector<int> starts_;
  std::size_t skipped_ = 0;
  int from_ = 0;
  int to_ = widest_line * 1000000;
};

struct Mark {
  int begin;
  int end;
  bool primary;
  std::string text;
};

// The rows below a line: one of carets, with the text of the last mark beside it, then the texts of
// the others from right to left, each hanging from its mark.
std::vector<std::string> mark_rows(std::vector<Mark> marks, const Painter& paint, Colour primary) {
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
    return std::pair(a.begin, !a.primary) < std::pair(b.begin, !b.primary);
  });
  const auto colour = [&](const Mark& mark) { return mark.primary ? primary : Colour::gutter; };
  int end = 0;
  for (const Mark& mark : marks) end = std::max(end, mark.end);

  std::string row;
  for (int column = 0; column < end; ++column) {
    const Mark* covering = nullptr;
    for (const Mark& mark : marks)
      if (mark.begin <= column && column < mark.end && (!covering || mark.primary)) covering = &mark;
    row += covering ? paint(colour(*covering), covering->primary ? "^" : "-") : std::string(" ");
  }
  const bool last_fits = marks.back().end == end;
  if (last_fits && !marks.back().text.empty()) row += " " + paint(colour(marks.back()), marks.back().text);
  std::vector<std::string> rows = {row};

  std::vector<const Mark*> hanging;
  for (std::size_t i = 0; i + (last_fits ? 1 : 0) < marks.size(); ++i)
    if (!marks[i].text.empty()) hanging.push_back(&marks[i]);
  const auto bars = [&](std::size_t count) {
    std::string text;
    int column = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (hanging[i]->begin < column) continue;
      text.append(static_cast<std::size_t>(hanging[i]->begin - column), ' ');
      text += paint(colour(*hanging[i]), "|");
      column = hanging[i]->begin + 1;
    }
    return std::pair(text, column);
  };
  if (!hanging.empty()) rows.push_back(bars(hanging.size()).first);
  while (!hanging.empty()) {
    const Mark& mark = *hanging.back();
    auto [text, column] = bars(hanging.size() - 1);
    text.append(static_cast<std::size_t>(std::max(0, mark.begin - column)), ' ');
    if (mark.begin < column) text += ' ';
    rows.push_back(text + paint(colour(mark), mark.text));
    hanging.pop_back();
  }
  return rows;
}

class Renderer {
 public:
  Renderer(const SourceMap& sources, bool colour) : sources_(sources), paint_(colour) {}

  void render(const Diagnostic& diagnostic) {
    primary_ = diagnostic.severity() == Severity::error ? Colour::error : Colour::warning;
    const char* severity = diagnostic.severity() == Severity::error ? "error" : "warning";
    text += paint_(primary_, std::string(severity) + "[" + std::string(info(diagnostic.code).name) + "]");
    text += paint_(Colour::strong, ": " + printable(diagnostic.message)) + "\n";

    std::vector<Place> places = {place(diagnostic.primary, true)};
    for (const Label& label : diagnostic.secondary) places.push_back(place(label, false));
    std::uint32_t last_line = 1;
    for (const Place& p : places) last_line = std::max(last_line, p.line);
    gutter_ = std::to_string(last_line).size();

    render_file(places, diagnostic.primary.span.file);
    std::vector<std::uint32_t> shown = {diagnostic.primary.span.file};
    for (const Label& label : diagnostic.secondary) {
      if (std::find(shown.begin(), shown.end(), label.span.file) != shown.end()) continue;
      margin("", "");
      render_file(places, label.span.file);
      shown.push_back(label.span.file);
    }
    render_notes(diagnostic);
  }

  std::string text;

 private:
  struct Place {
    const Label* label;
    bool primary;
    std::uint32_t line;
    std::uint32_t column;
    std::size_t begin;  // bytes in the line
    std::size_t end;
  };

  Place place(const Label& label, bool primary) const {
    const SourceFile& file = sources_.file(label.span.file);
    const Position position = file.position(label.span.begin);
    const std::size_t start = file.line_start(position.line);
    const std::size_t length = file.line(position.line).size();
    const std::size_t begin = std::min<std::size_t>(label.span.begin - start, length);
    const std::size_t end = std::clamp<std::size_t>(label.span.end - start, begin, std::max(begin, length));
    return {&label, primary, position.line, position.column, begin, end};
  }

  void margin(std::string_view left, std::string_view right) {
    std::string bar(gutter_ - std::min(gutter_, left.size()), ' ');
    bar.append(left);
    text += paint_(Colour::gutter, bar + " |");
    if (!right.empty()) text.append(" ").append(right);
    text += '\n';
  }

  void render_file(const std::vector<Place>& places, std::uint32_t file) {
    std::map<std::uint32_t, std::vector<const Place*>> lines;
    const Place* head = nullptr;
    for (const Place& p : places) {
      if (p.label->span.file != file) continue;
      if (!head) head = &p;
      lines[p.line].push_back(&p);
    }
    const std::string position = std::to_string(head->line) + ":" + std::to_string(head->column);
    text += std::string(gutter_, ' ') + paint_(Colour::gutter, head->primary ? "-->" : ":::") + " " +
            printable(sources_.file(file).path()) + ":" + position + "\n";
    margin("", "");
    std::uint32_t before = 0;
    for (const auto& [number, marks] : lines) {
      if (before != 0 && number == before + 2) {
        margin(std::to_string(before + 1), ShownLine(sources_.file(file).line(before + 1), 0).text());
      } else if (before != 0 && number > before + 2) {
        text += paint_(Colour::gutter, "...") + "\n";
      }
      render_line(file, number, marks);
      before = number;
    }
  }

  void render_line(std::uint32_t file, std::uint32_t number, const std::vector<const Place*>& places) {
    std::size_t first = places.front()->begin;
    for (const Place* p : places) first = std::min(first, p->begin);
    const ShownLine line(sources_.file(file).line(number), first);
    margin(std::to_string(number), line.text());
    std::vector<Mark> marks;
    for (const Place* p : places) {
      const int begin = line.column(p->begin);
      const int end = std::max(begin + 1, line.column(p->end));
      marks.push_back({begin, end, p->primary, printable(p->label->text)});
    }
    for (const std::string& row : mark_rows(std::move(marks), paint_, primary_)) margin("", row);
  }

  void render_notes(const Diagnostic& diagnostic) {
    std::vector<std::pair<std::string, std::string>> lines;
    for (const std::string& note : diagnostic.notes) lines.emplace_back("note", note);
    for (const std::string& help : diagnostic.help) lines.emplace_back("help", help);
    if (diagnostic.fix && diagnostic.help.empty()) lines.emplace_back("help", describe(*diagnostic.fix));
    if (lines.empty()) return;
    margin("", "");
    for (const auto& [kind, content] : lines) {
      const std::string lead(gutter_ + 1, ' ');
      text += lead + paint_(Colour::gutter, "=") + " " + paint_(Colour::help, kind + ":") + " ";
      for (const char c : printable(content, true)) {
        text += c;
        if (c == '\n') text += lead + "        ";
      }
      text += '\n';
    }
  }

  std::string describe(const Fix& fix) const {
    const std::string old(sources_.text(fix.span));
    if (fix.replacement.empty()) return "remove `" + old + "`";
    return (old.empty() ? "insert `" : "write `") + fix.replacement + "`";
  }

  const SourceMap& sources_;
  Painter paint_;
  Colour primary_ = Colour::error;
  std::size_t gutter_ = 1;
};

}  // namespace

std::string render_text(const Diagnostics& diagnostics, const SourceMap& sources, bool colour) {
  Renderer renderer(sources, colour);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (!renderer.text.empty()) renderer.text += '\n';
    renderer.render(diagnostic);
  }
  return std::move(renderer.text);
}

}  // namespace motet
