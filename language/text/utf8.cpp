#include "language/text/utf8.h"

#include <algorithm>
#include <array>

namespace motet::utf8 {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t value) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), value,
                                      [](char32_t v, const Range& range) { return v < range.first; });
  return after != ranges.begin() && value <= std::prev(after)->last;
}

constexpr std::array<Range, 9> combining = {{{0x300, 0x36f},
                                             {0x483, 0x489},
                                             {0x591, 0x5bd},
                                             {0x1ab0, 0x1aff},
                                             {0x1dc0, 0x1dff},
                                             {0x200b, 0x200d},
                                             {0x20d0, 0x20ff},
                                             {0xfe00, 0xfe0f},
                                             {0xfe20, 0xfe2f}}};

constexpr std::array<Range, 11> wide = {{{0x1100, 0x115f},
                                         {0x2e80, 0x303e},
                                         {0x3041, 0x33ff},
                                         {0x3400, 0x4dbf},
                                         {0x4e00, 0x9fff},
                                         {0xa000, 0xa4cf},
                                         {0xac00, 0xd7a3},
                                         {0xf900, 0xfaff},
                                         {0xfe30, 0xfe4f},
                                         {0xff00, 0xff60},
                                         {0x1f300, 0x1faff}}};

}  // namespace

CodePoint decode(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const CodePoint invalid{0xfffd, 1, false};
  const unsigned lead = byte(offset);
  if (lead < 0x80) return {lead, 1, true};
  const std::uint32_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || offset + length > text.size()) return invalid;
  char32_t value = lead & (0xffu >> (length + 1));
  for (std::uint32_t i = 1; i < length; ++i) {
    const unsigned next = byte(offset + i);
    if ((next & 0xc0) != 0x80) return invalid;
    value = (value << 6) | (next & 0x3f);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff) return invalid;
  return {value, length, true};
}

std::optional<std::size_t> first_invalid(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint point = decode(text, offset);
    if (!point.valid) return offset;
    offset += point.bytes;
  }
  return std::nullopt;
}

int width(char32_t code_point) {
  if (code_point < 0x300) return 1;
  if (contains(combining, code_point)) return 0;
  return contains(wide, code_point) ? 2 : 1;
}

bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
         (code_point >= 0x202a && code_point <= 0x202e) || (code_point >= 0x2066 && code_point <= 0x2069);
}

}  // namespace motet::utf8
