#pragma once

// TOML as people read it: keys with their `=` below each other, long lists an item a line.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motet {

std::string toml_value(bool value);
std::string toml_value(double value);
std::string toml_value(std::string_view value);
inline std::string toml_value(const std::string& value) {
  return toml_value(std::string_view(value));
}
inline std::string toml_value(const char* value) {
  return toml_value(std::string_view(value));
}
template <std::integral Integer>
std::string toml_value(Integer value) {
  return std::to_string(value);
}
std::string toml_value(const std::vector<std::int64_t>& values);
std::string toml_value(const std::vector<std::string>& values);

// A list of items that are TOML already: on one line, or an item a line where that would be too long or is
// asked for.
std::string toml_list(const std::vector<std::string>& items, bool on_lines = false);

// Text as it is, on lines of its own; escaped where it holds what a literal string cannot.
std::string toml_block(const std::string& text);

// Lines `key = value`.
class TomlLines {
 public:
  template <typename T>
  void add(std::string_view key, const T& value) {
    add_text(key, toml_value(value));
  }
  // A value that is TOML already.
  void add_text(std::string_view key, std::string value) { lines_.emplace_back(key, std::move(value)); }
  void add_unless_empty(std::string_view key, const std::string& value) {
    if (!value.empty()) add(key, value);
  }

  std::string text() const;
  // On one line, for lists of tables.
  std::string inline_table() const;

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

// A list of tables, one a line. `fill(item, lines)` writes the fields of one.
template <typename Item, typename Fill>
std::string toml_tables(const std::vector<Item>& items, Fill fill) {
  std::vector<std::string> texts;
  for (const Item& item : items) {
    TomlLines lines;
    fill(item, lines);
    texts.push_back(lines.inline_table());
  }
  return toml_list(texts, true);
}

}  // namespace motet
