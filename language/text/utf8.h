#pragma once

// UTF-8: just enough to refuse what is not, to count and to align.

#include <cstdint>
#include <optional>
#include <string_view>

namespace motet::utf8 {

struct CodePoint {
  char32_t value = 0;
  std::uint32_t bytes = 1;
  bool valid = true;  // a byte that begins no code point counts as one invalid code point
};

// The code point that begins at `offset`, which lies inside the text.
CodePoint decode(std::string_view text, std::size_t offset);

// The offset of the first byte that is not part of valid UTF-8.
std::optional<std::size_t> first_invalid(std::string_view text);

// Columns that a terminal gives to it: 0 for marks that combine, 2 for wide ones, else 1.
int width(char32_t code_point);

// Characters that a terminal would act upon, or that turn the direction of text: not to be printed.
bool is_control(char32_t code_point);

}  // namespace motet::utf8
