#pragma once

// TOML from strangers: toml++ behind limits. Included by sources only: its header is a large one.

#include <string_view>
#include <variant>

#include "compiler/toml/toml.h"

namespace motet {

struct TomlError {
  std::string message;                 // one sentence, no full stop
  std::uint32_t line = 1, column = 1;  // one-based; the column in code points
};

// Parses a document. Refuses what toml++ could not take apart again: keys of more than 16 parts and
// more than two million values.
std::variant<toml::table, TomlError> parse_toml(std::string_view text);

// A basic string with its quotes and escapes: valid TOML whatever the text is. Bytes that are not
// UTF-8 become U+FFFD.
std::string toml_quoted(std::string_view text);
// A number that TOML reads back as the same double: "1.0", "3e-4", "nan".
std::string toml_number(double value);

}  // namespace motet
