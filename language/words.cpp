#include "language/words.h"

#include <cstddef>

namespace motet {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The length of the number in "20Hz" or "4M": digits, point, exponent, and the suffix k or M where
// nothing follows it.
std::size_t number_length(std::string_view word) {
  std::size_t i = 0;
  const auto digits = [&] {
    while (i < word.size() && (is_digit(word[i]) || word[i] == '_')) ++i;
  };
  digits();
  if (i < word.size() && word[i] == '.') ++i;
  digits();
  if (i < word.size() && (word[i] == 'e' || word[i] == 'E')) {
    std::size_t j = i + 1;
    if (j < word.size() && (word[j] == '+' || word[j] == '-')) ++j;
    if (j < word.size() && is_digit(word[j])) {
      i = j;
      while (i < word.size() && is_digit(word[i])) ++i;
    }
  }
  if (i + 1 == word.size() && (word[i] == 'k' || word[i] == 'M')) ++i;
  return i;
}

class Refiner {
 public:
  Refiner(const std::vector<Token>& words, std::string_view text) : words_(words), text_(text) {}

  std::vector<Token> run() {
    result_.reserve(words_.size() + 16);
    for (std::size_t i = 0; i < words_.size(); ++i) {
      Token token = words_[i];
      const std::uint32_t before = i == 0 ? 0 : words_[i - 1].end;
      const auto gap = text_.substr(before, token.begin - before);
      token.first_on_line = i == 0 || gap.find_first_of("\r\n") != gap.npos;
      const TokenKind next = i + 1 < words_.size() ? words_[i + 1].kind : TokenKind::Eof;
      add(token, next);
    }
    return std::move(result_);
  }

 private:
  enum class Bracket { call, other, history };

  TokenKind last(std::size_t back = 1) const {
    return result_.size() < back ? TokenKind::Eof : result_[result_.size() - back].kind;
  }

  void add(Token token, TokenKind next) {
    const bool same_line = !token.first_on_line;
    const bool part_of_path = last() == TokenKind::Dot || (same_line && last() == TokenKind::Import);
    if (part_of_path && (is_name(token.kind) || (same_line && is_reserved(token.kind))))
      token.kind = TokenKind::Name;
    if (same_line && token.kind == TokenKind::Name && last() == TokenKind::Number)
      token.kind = TokenKind::Unit;
    if (token.kind == TokenKind::Name && names_argument(next)) token.kind = TokenKind::ArgumentName;
    if (is_opening(token.kind)) open_.push_back(bracket(token.kind));
    if (is_closing(token.kind)) close(token.kind);
    if (token.kind == TokenKind::Number) {
      add_number(token);
    } else {
      result_.push_back(token);
    }
  }

  void add_number(Token token) {
    const auto length =
        static_cast<std::uint32_t>(number_length(text_.substr(token.begin, token.end - token.begin)));
    Token unit = token;
    unit.kind = TokenKind::Unit;
    unit.first_on_line = false;
    unit.begin = token.end = token.begin + length;
    result_.push_back(token);
    if (unit.begin < unit.end) result_.push_back(unit);
  }

  bool names_argument(TokenKind next) const {
    if (open_.empty() || open_.back() != Bracket::call) return false;
    if (last() != TokenKind::LParen && last() != TokenKind::Comma) return false;
    return is_name(next) || next == TokenKind::Number || next == TokenKind::String ||
           next == TokenKind::True || next == TokenKind::False || next == TokenKind::Last;
  }

  Bracket bracket(TokenKind kind) const {
    if (kind == TokenKind::LBrace)
      return last() == TokenKind::Number && last(2) == TokenKind::Last ? Bracket::history : Bracket::other;
    const TokenKind head = last(2);
    const bool parameters = head == TokenKind::Let || head == TokenKind::Reward || head == TokenKind::Skill;
    return kind == TokenKind::LParen && is_name(last()) && !parameters ? Bracket::call : Bracket::other;
  }

  void close(TokenKind kind) {
    const bool history = !open_.empty() && open_.back() == Bracket::history;
    const bool list = kind != TokenKind::RBrace || history;
    if (list && last() == TokenKind::Comma && last(2) != TokenKind::Comma && !is_opening(last(2)))
      result_.pop_back();
    if (!open_.empty()) open_.pop_back();
  }

  const std::vector<Token>& words_;
  std::string_view text_;
  std::vector<Token> result_;
  std::vector<Bracket> open_;
};

}  // namespace

std::vector<Token> refine_words(const std::vector<Token>& words, std::string_view text) {
  return Refiner(words, text).run();
}

}  // namespace motet
