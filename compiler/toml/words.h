#pragma once

// How enumerations are spelt in TOML.

#include <array>
#include <optional>
#include <string_view>

namespace motet {

// The spellings of an enumeration's values, in their order.
template <std::size_t count>
struct Words {
  std::array<std::string_view, count> spellings;

  template <typename Enum>
  constexpr std::string_view operator[](Enum value) const {
    return spellings[static_cast<std::size_t>(value)];
  }
  std::optional<std::size_t> find(std::string_view word) const {
    for (std::size_t i = 0; i < count; ++i)
      if (spellings[i] == word) return i;
    return std::nullopt;
  }
};

}  // namespace motet
