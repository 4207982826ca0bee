#include "compiler/toml/text.h"

#include <optional>

#include "language/text/number.h"
#include "language/text/utf8.h"

namespace motet {

namespace {

constexpr int most_key_parts = 16;
constexpr int most_values = 2'000'000;

// Walks over a document without building anything. toml++ limits the nesting of values, but builds
// (and destroys, recursively) a table for each part of a key; and where it asks what kind of space a
// character is that is not ASCII, it may lose its way.
class Survey {
 public:
  explicit Survey(std::string_view text) : text_(text) {}

  std::optional<TomlError> refusal() {
    while (at_ < text_.size())
      if (auto error = step()) return error;
    return std::nullopt;
  }

 private:
  std::optional<TomlError> step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      skip_string(c);
      return std::nullopt;
    }
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return std::nullopt;
    }
    if (static_cast<unsigned char>(c) >= 0x80 && !at_byte_order_mark())
      return TomlError{"a character that TOML has only within quotes", line_, 1};
    ++at_;
    if (c == '\n') ++line_;
    if (c == '.') {
      if (++dots_ >= most_key_parts) return TomlError{"a key has more than 16 parts", line_, 1};
    } else if (c == '\n' || c == '=' || c == ',' || c == '[' || c == ']' || c == '{' || c == '}') {
      dots_ = 0;
    }
    if ((c == '=' || c == ',') && ++values_ > most_values)
      return TomlError{"there are more than two million values", line_, 1};
    return std::nullopt;
  }

  // The first three bytes of a file may say that it is UTF-8.
  bool at_byte_order_mark() const { return at_ < 3 && text_.starts_with("\xef\xbb\xbf"); }

  void skip_string(char quote) {
    const std::string triple(3, quote);
    const bool multiline = text_.substr(at_, 3) == triple;
    at_ += multiline ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        if (!multiline) return;  // an error, which toml++ reports
        ++line_;
      }
      if (c == '\\' && quote == '"') {
        at_ += 2;
      } else if (c == quote && (!multiline || text_.substr(at_, 3) == triple)) {
        at_ += multiline ? 3 : 1;
        // Up to two more quotes belong to the content of a multi-line string.
        for (int i = 0; multiline && i < 2 && at_ < text_.size() && text_[at_] == quote; ++i) ++at_;
        return;
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  int dots_ = 0, values_ = 0;
};

}  // namespace

std::variant<toml::table, TomlError> parse_toml(std::string_view text) {
  if (auto refusal = Survey(text).refusal()) return std::move(*refusal);
  try {
    return toml::parse(text, std::string_view("toml"));
  } catch (const toml::parse_error& error) {
    const auto where = error.source().begin;
    return TomlError{std::string(error.description()), std::max<std::uint32_t>(where.line, 1),
                     std::max<std::uint32_t>(where.column, 1)};
  }
}

std::string toml_quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const utf8::CodePoint point = utf8::decode(text, i);
    const auto c = static_cast<std::uint32_t>(point.value);
    if (!point.valid)
      quoted += "\xef\xbf\xbd";  // U+FFFD
    else if (c == '"' || c == '\\')
      (quoted += '\\') += text[i];
    else if (c == '\n')
      quoted += "\\n";
    else if (c == '\t')
      quoted += "\\t";
    else if (c < 0x20 || c == 0x7f)
      ((quoted += "\\u00") += digits[c >> 4]) += digits[c & 0xf];
    else
      quoted += text.substr(i, point.bytes);
    i += point.bytes;
  }
  return quoted + '"';
}

std::string toml_number(double value) {
  std::string text = format_number(value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace motet
