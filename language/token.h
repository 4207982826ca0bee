#pragma once

// The words of a file. Kinds mirror grammar/MotetLexer.g4, in its order; parse.cpp asserts it.

#include <cstdint>
#include <string_view>

namespace motet {

#define MOTET_TOKENS(X)                                                                              \
  X(Unit) X(ArgumentName)                                                                            \
  X(Import) X(Let) X(Robot) X(World) X(Reward) X(Skill)                                              \
  X(Model) X(Observe) X(Act) X(Drive) X(Control) X(Limit) X(Scene) X(Horizon) X(Sample) X(Reset)     \
  X(Measure) X(In) X(Maximize) X(Policy) X(Learn) X(Hold) X(Latent) X(Prior)                         \
  X(Over) X(When) X(Last) X(If) X(Else) X(And) X(Or) X(Not) X(True) X(False)                         \
  X(End) X(Success) X(Start) X(From) X(As) X(At) X(Per) X(Action) X(Rate) X(Torque)                  \
  X(LBrace) X(RBrace) X(LParen) X(RParen) X(LBracket) X(RBracket) X(Comma) X(Semi) X(DotDot) X(Dot)  \
  X(Assign) X(PlusAssign) X(Plus) X(Minus) X(Star) X(Slash) X(Caret) X(Less) X(LessEqual) X(Greater) \
  X(GreaterEqual) X(Equal) X(NotEqual) X(Amp) X(Pipe)                                                \
  X(Name) X(Number) X(String) X(Comment) X(Space) X(OpenString) X(Unknown)

enum class TokenKind : std::uint8_t {
  Eof,  // the end of a declaration, or of the file
#define X(name) name,
  MOTET_TOKENS(X)
#undef X
};

struct Token {
  TokenKind kind = TokenKind::Eof;
  bool first_on_line = false;
  bool starts_item = false;  // where the reading of a block goes on after an error
  std::uint32_t begin = 0;   // bytes
  std::uint32_t end = 0;
};

inline bool between(TokenKind kind, TokenKind first, TokenKind last) { return first <= kind && kind <= last; }

inline bool starts_declaration(TokenKind kind) { return between(kind, TokenKind::Import, TokenKind::Skill); }
// Item keywords that can be nothing else.
inline bool is_item_keyword(TokenKind kind) { return between(kind, TokenKind::Model, TokenKind::Prior); }
// Words that no declaration can use as a name.
inline bool is_reserved(TokenKind kind) { return between(kind, TokenKind::Import, TokenKind::False); }
inline bool is_name(TokenKind kind) {
  return kind == TokenKind::Name || between(kind, TokenKind::End, TokenKind::Torque);
}
inline bool is_word(TokenKind kind) { return is_reserved(kind) || is_name(kind); }
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
