#pragma once

// The words of a file.

#include <cstdint>
#include <string_view>

namespace motet {

enum class TokenKind : std::uint8_t {
  Eof,  // the end of a declaration, or of the file
#define MOTET_TOKEN(name, spelling) name,
#include "language/tokens.def"
#undef MOTET_TOKEN
};

struct Token {
  TokenKind kind = TokenKind::Eof;
  bool first_on_line = false;
  bool starts_item = false;  // where the reading of a block goes on after an error
  std::uint32_t begin = 0;   // bytes
  std::uint32_t end = 0;
};

inline bool between(TokenKind kind, TokenKind first, TokenKind last) {
  return first <= kind && kind <= last;
}

inline bool starts_declaration(TokenKind kind) {
  return between(kind, TokenKind::Import, TokenKind::Skill);
}
// Item keywords that can be nothing else.
inline bool is_item_keyword(TokenKind kind) {
  return between(kind, TokenKind::Model, TokenKind::Prior);
}
// Words that no declaration can use as a name.
inline bool is_reserved(TokenKind kind) {
  return between(kind, TokenKind::Import, TokenKind::False);
}
inline bool is_name(TokenKind kind) {
  return kind == TokenKind::Name || between(kind, TokenKind::End, TokenKind::Torque);
}
inline bool is_word(TokenKind kind) {
  return is_reserved(kind) || is_name(kind);
}
inline bool is_opening(TokenKind kind) {
  return kind == TokenKind::LBrace || kind == TokenKind::LParen || kind == TokenKind::LBracket;
}
inline bool is_closing(TokenKind kind) {
  return kind == TokenKind::RBrace || kind == TokenKind::RParen || kind == TokenKind::RBracket;
}
// Whether an expression, a block or a number can end with it.
inline bool ends_operand(TokenKind kind) {
  return is_name(kind) || is_closing(kind) || kind == TokenKind::Unit || kind == TokenKind::Number ||
         kind == TokenKind::String || kind == TokenKind::OpenString || kind == TokenKind::True ||
         kind == TokenKind::False;
}

}  // namespace motet
