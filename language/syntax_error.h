#pragma once

// What is said about a syntax error.

#include <bitset>
#include <string_view>
#include <vector>

#include "language/cst.h"
#include "language/diagnostic.h"

namespace motet {

using TokenSet = std::bitset<128>;  // by TokenKind

// Where the parser stopped.
struct SyntaxErrorContext {
  const std::vector<Token>& tokens;
  std::size_t begin;  // of the declaration
  std::size_t end;
  std::size_t at;           // the word that does not fit; `end` where words are missing
  std::vector<Rule> rules;  // that were being read, the innermost last
  TokenSet expected;        // what would have fitted
  std::uint32_t file;
  std::string_view text;
};

Diagnostic syntax_error(const SyntaxErrorContext& context);

// What the outline finds, before the parser reads anything.
Diagnostic misspelt_declaration(Span span, std::string_view word, const std::string& right);
Diagnostic misspelt_item(Span span, std::string_view word, const std::string& right, TokenKind declaration);
Diagnostic unknown_item_name(Span span, std::string_view word, TokenKind declaration);
Diagnostic unit_on_next_line(Span unit, Span number, std::string_view name);
Diagnostic not_a_declaration(const std::vector<Token>& tokens, std::size_t at, std::uint32_t file,
                             std::string_view text);
Diagnostic too_deep(Span span, int limit);
Diagnostic too_large(Span span, std::size_t words);

// A word that the lexer does not know, or a string that is not closed.
Diagnostic unknown_word(const Token& token, std::uint32_t file, std::string_view text);

}  // namespace motet
