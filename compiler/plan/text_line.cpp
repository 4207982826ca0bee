#include "compiler/plan/text_line.h"

#include <array>
#include <charconv>

namespace motet {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The value of \xHH's digits, or -1.
int hex_value(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return error == std::errc{} && digits.size() == 2 && end == digits.data() + 2 && value >= 0 ? value : -1;
}

}  // namespace

void TextLine::fail(std::string_view expected) {
  if (ok()) expected_ = expected;
  rest_ = {};
}

void TextLine::skip_space() {
  while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
}

bool TextLine::at_end() {
  skip_space();
  return rest_.empty();
}

bool TextLine::accept(std::string_view symbol) {
  if (!rest_.starts_with(symbol)) return false;
  rest_.remove_prefix(symbol.size());
  return true;
}

void TextLine::expect(std::string_view symbol) {
  if (!accept(symbol)) fail("'" + std::string(symbol) + "'");
}

void TextLine::symbol(std::string_view symbol) {
  skip_space();
  expect(symbol);
  skip_space();
}

std::string_view TextLine::word() {
  skip_space();
  std::size_t end = 0;
  while (end < rest_.size() && !is_space(rest_[end])) ++end;
  const std::string_view word = rest_.substr(0, end);
  rest_.remove_prefix(end);
  skip_space();
  return word;
}

std::string_view TextLine::identifier() {
  std::size_t end = 0;
  while (end < rest_.size() && is_identifier(rest_[end])) ++end;
  const std::string_view identifier = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return identifier;
}

std::uint32_t TextLine::digits() {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
  if (error != std::errc{}) {
    fail("a whole number below 2^32");
    return 0;
  }
  rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
  return value;
}

std::uint32_t TextLine::integer() {
  skip_space();
  return digits();
}

double TextLine::number() {
  skip_space();
  double value = 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
  if (error != std::errc{}) {
    fail("a number");
    return 0;
  }
  rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
  return value;
}

std::string TextLine::quoted() {
  skip_space();
  expect("\"");
  std::string text;
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') return text;
    if (c != '\\') {
      text += c;
      continue;
    }
    const int value = accept("x") ? hex_value(rest_.substr(0, 2)) : -1;
    if (value < 0) break;
    text += static_cast<char>(value);
    rest_.remove_prefix(2);
  }
  fail("a text in double quotes");
  return "";
}

std::string number_text(double value) {
  std::array<char, 32> text;
  return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

std::string quoted_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace motet
