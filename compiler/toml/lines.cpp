#include "compiler/toml/lines.h"

#include <algorithm>

#include "compiler/toml/text.h"
#include "language/text/utf8.h"

namespace motet {
namespace {

constexpr std::size_t widest_line = 100;

}  // namespace

std::string toml_value(bool value) {
  return value ? "true" : "false";
}

std::string toml_value(double value) {
  return toml_number(value);
}

std::string toml_value(std::string_view value) {
  return toml_quoted(value);
}

std::string toml_value(const std::vector<std::int64_t>& values) {
  std::vector<std::string> items;
  for (const std::int64_t value : values) items.push_back(std::to_string(value));
  return toml_list(items);
}

std::string toml_value(const std::vector<std::string>& values) {
  std::vector<std::string> items;
  for (const std::string& value : values) items.push_back(toml_quoted(value));
  return toml_list(items);
}

std::string toml_list(const std::vector<std::string>& items, bool on_lines) {
  std::string line = "[", lines = "[\n";
  for (const std::string& item : items) {
    line += (line.size() > 1 ? ", " : "") + item;
    lines += "  " + item + ",\n";
  }
  const bool long_line = line.size() > widest_line;
  return !items.empty() && (on_lines || long_line) ? lines + "]" : line + "]";
}

std::string toml_block(const std::string& text) {
  const bool literal = text.find("'''") == text.npos && !text.ends_with('\'') && !utf8::first_invalid(text) &&
                       std::all_of(text.begin(), text.end(), [](unsigned char c) {
                         return (c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t';
                       });
  return literal ? "'''\n" + text + "'''" : toml_quoted(text);
}

std::string TomlLines::text() const {
  std::size_t width = 0;
  for (const auto& [key, value] : lines_) width = std::max(width, key.size());
  std::string text;
  for (const auto& [key, value] : lines_)
    text += key + std::string(width - key.size(), ' ') + " = " + value + "\n";
  return text;
}

std::string TomlLines::inline_table() const {
  std::string text = "{";
  for (const auto& [key, value] : lines_) text += (text.size() > 1 ? ", " : " ") + key + " = " + value;
  return text + " }";
}

}  // namespace motet
