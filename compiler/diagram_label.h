#pragma once

// The pieces that diagrams are made of: colours, escaped text, cards as HTML-like labels.

#include <string>
#include <string_view>
#include <vector>

namespace motet::diagram {

// A restrained palette: one hue a kind of node, dark for lines, light for grounds.
struct Colours {
  std::string_view line, ground;
};
inline constexpr Colours skill_colours = {"#3465a4", "#eaf1fb"};
inline constexpr Colours composition_colours = {"#6b4fa0", "#f2eefa"};
inline constexpr Colours reward_colours = {"#a8690f", "#fdf6e7"};
inline constexpr Colours world_colours = {"#437a54", "#edf6ef"};
inline constexpr Colours robot_colours = {"#5a6672", "#f1f3f5"};
// Of skills in a run.
inline constexpr Colours trained_colours = {"#2e7d4f", "#e3f4e9"};
inline constexpr Colours unfinished_colours = {"#b7791f", "#fdf3dc"};
inline constexpr Colours untrained_colours = {"#9aa5b1", "#f5f7fa"};
inline constexpr std::string_view ink = "#1f2933", quiet_ink = "#52606d", edge_ink = "#7b8794";
inline constexpr std::string_view fonts = "DejaVu Sans,Helvetica,Arial,sans-serif";

// Text for an HTML-like label: escaped, without control characters, at most `longest` code points.
std::string escape(std::string_view text, std::size_t longest = 40);

// A span of text in another size or colour; `html` is escaped already.
std::string small(const std::string& html, std::string_view colour = quiet_ink);
std::string caption(std::string_view text, std::string_view colour);
std::string bold(const std::string& html);

// One row of a card: cells from left to right.
struct Row {
  std::vector<std::string> cells;  // html
  bool right = false;              // the first of several cells stands to the right, as numbers do
};

// Rows below each other, without a frame.
std::string table(const std::vector<Row>& rows, int padding = 2);
// A rounded card.
std::string card(const std::vector<Row>& rows, const Colours& colours);
// The card of a thing with a name: its kind above it, quiet lines below it.
std::string named_card(std::string_view kind, const std::string& name, const std::vector<std::string>& lines,
                       const Colours& colours);

// A white cell of a grid, with a port where one is named.
std::string cell(const std::vector<Row>& rows, const std::string& port = {});
// Cells in rows of so many columns.
std::string grid(const std::vector<std::string>& cells, std::size_t columns);
// A card of cells in columns, what they are below them.
std::string grid_card(const std::string& kind, const std::string& line, const std::vector<std::string>& cells,
                      std::size_t columns, const Colours& colours);

// ℝ, ℝ⁸, ℝ¹².
std::string space(int dimensions);
// "4M", "200k", "1234".
std::string count(long long number);
// "−0.005", "1": with a real minus sign.
std::string weight(double value);

// Attributes of a node or an edge: [a="x" b=<y>].
class Attributes {
 public:
  Attributes& text(std::string_view name, std::string_view value) {
    text_ += (text_.empty() ? "" : " ") + std::string(name) + "=\"" + std::string(value) + "\"";
    return *this;
  }
  Attributes& html(std::string_view name, const std::string& value) {
    text_ += (text_.empty() ? "" : " ") + std::string(name) + "=<" + value + ">";
    return *this;
  }
  std::string str() const { return text_.empty() ? "" : " [" + text_ + "]"; }

 private:
  std::string text_;
};

// The head of a digraph: fonts, sizes, spacing. `direction` as Graphviz's rankdir.
std::string head(std::string_view direction);

}  // namespace motet::diagram
