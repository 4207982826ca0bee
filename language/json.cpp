#include "language/json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "language/text/utf8.h"

namespace motet {

void JsonWriter::line_break(std::size_t level) {
  if (indent_ == 0) return;
  text_ += '\n';
  text_.append(level * static_cast<std::size_t>(indent_), ' ');
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  if (!levels_.back().empty) text_ += indent_ == 0 ? ", " : ",";
  levels_.back().empty = false;
  line_break(levels_.size());
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  text_ += '{';
  levels_.emplace_back();
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  text_ += '[';
  levels_.emplace_back();
  return *this;
}

void JsonWriter::close(char bracket) {
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) line_break(levels_.size());
  text_ += bracket;
}

JsonWriter& JsonWriter::end_object() {
  close('}');
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  close(']');
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_ += ": ";
  after_key_ = true;
  return *this;
}

void JsonWriter::quote(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  text_ += '"';
  for (std::size_t i = 0; i < text.size();) {
    const utf8::CodePoint point = utf8::decode(text, i);
    if (!point.valid) {
      text_ += "\\ufffd";
    } else if (point.value == '"' || point.value == '\\') {
      text_ += '\\';
      text_ += static_cast<char>(point.value);
    } else if (point.value == '\n') {
      text_ += "\\n";
    } else if (point.value == '\t') {
      text_ += "\\t";
    } else if (point.value < 0x20 || point.value == 0x7f) {
      text_ += "\\u00";
      text_ += digits[point.value >> 4];
      text_ += digits[point.value & 0xf];
    } else {
      text_ += text.substr(i, point.bytes);
    }
    i += point.bytes;
  }
  text_ += '"';
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  text_.append(buffer.data(), result.ptr);
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  separate();
  text_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  separate();
  text_ += std::to_string(number);
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
  separate();
  text_ += truth ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  text_ += "null";
  return *this;
}

}  // namespace motet
