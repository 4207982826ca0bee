#include "compiler/diagram_label.h"

#include <cmath>

#include "language/text/number.h"
#include "language/text/utf8.h"

namespace motet::diagram {

namespace {

// What XML may not hold, what turns the direction of text, and what is no character at all.
bool is_drawable(const utf8::CodePoint& point) {
  return point.valid && !utf8::is_control(point.value) && (point.value & 0xfffe) != 0xfffe;
}

constexpr std::string_view left_break = "<BR ALIGN=\"LEFT\"/>";

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string font(std::string_view size, std::string_view colour, const std::string& html) {
  return "<FONT" + attribute("POINT-SIZE", size) + attribute("COLOR", colour) + ">" + html + "</FONT>";
}

std::string rows_html(const std::vector<Row>& rows) {
  std::size_t columns = 1;
  for (const Row& row : rows) columns = std::max(columns, row.cells.size());
  std::string html;
  for (const Row& row : rows) {
    html += "<TR>";
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool last = i + 1 == row.cells.size();
      html += "<TD" + attribute("ALIGN", row.right && i == 0 ? "RIGHT" : "LEFT");
      if (last && columns > row.cells.size()) html += attribute("COLSPAN", std::to_string(columns - i));
      html += ">" + row.cells[i] + "</TD>";
    }
    html += "</TR>";
  }
  return html;
}

}  // namespace

std::string escape(std::string_view text, std::size_t longest) {
  std::string html;
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size();) {
    const utf8::CodePoint point = utf8::decode(text, i);
    if (length++ == longest) return html + "…";
    if (!is_drawable(point))
      html += "\xef\xbf\xbd";
    else if (point.value == '&')
      html += "&amp;";
    else if (point.value == '<')
      html += "&lt;";
    else if (point.value == '>')
      html += "&gt;";
    else if (point.value == '"')
      html += "&quot;";
    else if (point.value == '\\')
      html += "∖";  // Graphviz would read \N, \G and others in it
    else
      html += text.substr(i, point.bytes);
    i += point.bytes;
  }
  return html.empty() ? " " : html;
}

std::string small(const std::string& html, std::string_view colour) {
  return font("9", colour, html);
}
std::string caption(std::string_view text, std::string_view colour) {
  return font("8", colour, std::string(text));
}
std::string bold(const std::string& html) {
  return "<B>" + html + "</B>";
}

std::string table(const std::vector<Row>& rows, int padding) {
  return "<TABLE ALIGN=\"LEFT\" BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"" +
         std::to_string(padding) + "\">" + rows_html(rows) + "</TABLE>";
}

std::string card(const std::vector<Row>& rows, const Colours& colours) {
  return "<TABLE STYLE=\"rounded\" BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"3\"" +
         attribute("COLOR", colours.line) + attribute("BGCOLOR", colours.ground) + ">" + rows_html(rows) +
         "</TABLE>";
}

std::string named_card(std::string_view kind, const std::string& name, const std::vector<std::string>& lines,
                       const Colours& colours) {
  std::string text;
  for (const std::string& line : lines) (text += line) += left_break;
  std::vector<Row> rows = {{{caption(kind, colours.line)}}, {{bold(escape(name))}}};
  if (!text.empty()) rows.push_back({{small(text)}});
  return card(rows, colours);
}

std::string cell(const std::vector<Row>& rows, const std::string& port) {
  return "<TD STYLE=\"rounded\" BGCOLOR=\"white\" ALIGN=\"LEFT\"" +
         (port.empty() ? "" : attribute("PORT", port)) + ">" + table(rows, 1) + "</TD>";
}

std::string grid(const std::vector<std::string>& cells, std::size_t columns) {
  std::string html;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i % columns == 0) html += i == 0 ? "<TR>" : "</TR><TR>";
    html += cells[i];
  }
  return html + (cells.empty() ? "" : "</TR>");
}

std::string grid_card(const std::string& kind, const std::string& line, const std::vector<std::string>& cells,
                      std::size_t columns, const Colours& colours) {
  return "<TABLE STYLE=\"rounded\" BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"4\" CELLPADDING=\"3\"" +
         attribute("COLOR", colours.line) + attribute("BGCOLOR", colours.ground) + ">" +
         grid(cells, columns) + "<TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\"" +
         attribute("COLSPAN", std::to_string(columns)) + ">" + caption(kind, colours.line) +
         (line.empty() ? "" : "<BR/>" + small(line)) + "</TD></TR></TABLE>";
}

std::string space(int dimensions) {
  static constexpr std::string_view digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = "ℝ";
  if (dimensions != 1)
    for (const char digit : std::to_string(dimensions))
      if (digit >= '0' && digit <= '9') text += digits[digit - '0'];
  return text;
}

std::string count(long long number) {
  if (number >= 1'000'000 && number % 100'000 == 0)
    return format_number(static_cast<double>(number) / 1e6) + "M";
  if (number >= 10'000 && number % 100 == 0) return format_number(static_cast<double>(number) / 1e3) + "k";
  return std::to_string(number);
}

std::string weight(double value) {
  if (std::isnan(value)) return "ƒ";
  const std::string text = format_number(value);
  return text.starts_with('-') ? "−" + text.substr(1) : text;
}

std::string head(std::string_view direction) {
  const std::string font_name = attribute("fontname", fonts);
  return "digraph motet {\n  graph [bgcolor=\"white\" pad=\"0.3\" nodesep=\"0.35\" ranksep=\"0.55\"" +
         attribute("rankdir", direction) + font_name + "]\n  node [shape=\"plain\" fontsize=\"11\"" +
         attribute("fontcolor", ink) + font_name +
         "]\n  edge [fontsize=\"9\" arrowsize=\"0.7\" penwidth=\"1.1\"" + attribute("color", edge_ink) +
         attribute("fontcolor", quiet_ink) + font_name + "]\n";
}

}  // namespace motet::diagram
