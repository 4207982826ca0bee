#pragma once

// Writes JSON. Commas, quotes and indentation are its business; the order of calls is the caller's.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace motet {

class JsonWriter {
 public:
  // `indent` spaces a level; 0 puts everything on one line.
  explicit JsonWriter(int indent = 2) : indent_(indent) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  // Bytes that are not UTF-8 are written as U+FFFD.
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  // The shortest text that reads back the same; JSON has no infinity and no NaN, so they are null.
  JsonWriter& value(double number);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
  JsonWriter& value(bool truth);
  JsonWriter& null();

  // key(name).value(value)
  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  const std::string& text() const { return text_; }

 private:
  struct Level {
    bool empty = true;
  };

  void separate();
  void line_break(std::size_t level);
  void close(char bracket);
  void quote(std::string_view text);

  int indent_;
  bool after_key_ = false;
  std::vector<Level> levels_;
  std::string text_;
};

}  // namespace motet
