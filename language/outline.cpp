#include "language/outline.h"

#include <algorithm>

#include "language/keywords.h"
#include "language/syntax_error.h"
#include "language/units.h"

namespace motet {
namespace {

class Outliner {
 public:
  Outliner(std::vector<Token>& tokens, const SourceMap& sources, std::uint32_t file,
           const ParseLimits& limits, Diagnostics& diagnostics)
      : tokens_(tokens),
        text_(sources.file(file).text()),
        file_(file),
        limits_(limits),
        diagnostics_(diagnostics) {}

  std::vector<DeclarationRange> run() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      if (begins_declaration()) {
        begin_declaration();
      } else if (in_block()) {
        item_word();
      }
      track_brackets();
    }
    finish();
    return std::move(ranges_);
  }

 private:
  TokenKind kind(std::size_t i) const { return i < tokens_.size() ? tokens_[i].kind : TokenKind::Eof; }
  TokenKind here() const { return kind(at_); }
  TokenKind before() const { return at_ == begin_ ? TokenKind::Eof : kind(at_ - 1); }
  std::string_view text(std::size_t i) const {
    return text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin);
  }
  Span span(std::size_t i) const { return {file_, tokens_[i].begin, tokens_[i].end}; }
  bool enough_errors() const { return diagnostics_.errors() > Diagnostics::limit; }

  // Whether what stands before the word is complete, so that something new may begin with it.
  bool after_something_whole() const {
    const TokenKind last = before();
    return last == TokenKind::Semi || last == TokenKind::LBrace || ends_operand(last);
  }
  bool first_on_line() const { return tokens_[at_].first_on_line; }

  // --- declarations ---------------------------------------------------------------------------

  bool begins_declaration() const {
    if (ranges_.empty()) return true;
    const TokenKind word = here();
    if (open_.empty()) {
      if (starts_declaration(word)) return first_on_line() || after_something_whole();
      // A word on a line of its own that continues nothing: a misspelt or a lost one.
      if (word == TokenKind::RBrace) return block_closed_ || first_on_line();
      return (word == TokenKind::Name || is_item_keyword(word)) && first_on_line() &&
             after_something_whole() && !continues_with_a_name(before());
    }
    // Inside brackets only what is clearly a declaration: then a bracket was not closed.
    if (!starts_declaration(word) || !(first_on_line() || after_something_whole())) return false;
    const std::uint32_t begin = tokens_[at_].begin;
    const bool at_margin = begin == 0 || text_[begin - 1] == '\n' || text_[begin - 1] == '\r';
    return (at_margin && word != TokenKind::Robot) || reads_as_declaration(at_);
  }

  static bool continues_with_a_name(TokenKind word) {
    return word == TokenKind::Per || word == TokenKind::At || word == TokenKind::From ||
           word == TokenKind::As;
  }

  // keyword NAME, parameters, and what must follow them.
  bool reads_as_declaration(std::size_t i) const {
    const TokenKind keyword = kind(i);
    if (keyword == TokenKind::Import) return is_name(kind(i + 1)) || kind(i + 1) == TokenKind::String;
    if (!is_name(kind(i + 1))) return false;
    i += 2;
    if (keyword == TokenKind::Robot || keyword == TokenKind::World) return kind(i) == TokenKind::LBrace;
    if (kind(i) == TokenKind::LParen) {
      while (is_name(kind(i + 1)) || kind(i + 1) == TokenKind::Comma) ++i;
      if (kind(++i) != TokenKind::RParen) return false;
      ++i;
    }
    if (kind(i) == TokenKind::Assign) return true;
    return keyword == TokenKind::Skill &&
           (kind(i) == TokenKind::LBrace || kind(i) == TokenKind::Over || kind(i) == TokenKind::From);
  }

  void begin_declaration() {
    finish();
    begin_ = at_;
    open_.clear();
    block_closed_ = false;
    ranges_.push_back({at_, tokens_.size(), false});
    if (starts_declaration(here()) || enough_errors()) return;
    const TokenKind next = kind(at_ + 1);
    std::vector<std::string> names;
    for (const TokenKind keyword : declaration_keywords()) names.emplace_back(spelling(keyword));
    const auto near = here() == TokenKind::Name ? nearest(text(at_), names) : std::nullopt;
    if (near && (is_name(next) || next == TokenKind::String)) {
      diagnostics_.add(misspelt_declaration(span(at_), text(at_), *near));
      for (const TokenKind keyword : declaration_keywords())
        if (spelling(keyword) == *near) tokens_[at_].kind = keyword;
      return;
    }
    diagnostics_.add(not_a_declaration(tokens_, at_, file_, text_));
    ranges_.back().skip = true;
  }

  void finish() {
    if (ranges_.empty()) return;
    DeclarationRange& range = ranges_.back();
    range.end = at_;
    if (range.skip || range.end - range.begin <= limits_.declaration_words) return;
    diagnostics_.add(too_large(span(range.begin), limits_.declaration_words));
    range.skip = true;
  }

  // --- items ----------------------------------------------------------------------------------

  bool in_block() const {
    if (ranges_.back().skip || open_.empty() || open_.front() != TokenKind::LBrace) return false;
    const TokenKind declaration = kind(begin_);
    return declaration == TokenKind::Robot || declaration == TokenKind::World ||
           declaration == TokenKind::Skill;
  }

  void item_word() {
    const bool top = open_.size() == 1;
    const bool fresh = first_on_line() || after_something_whole();
    if (!fresh) return;
    if (is_item_start(top)) {
      tokens_[at_].starts_item = true;
      open_.resize(1);
    } else if (top && here() == TokenKind::Name && after_something_whole() &&
               !continues_with_a_name(before())) {
      unknown_item();
    }
  }

  bool is_item_start(bool top) const {
    const TokenKind word = here();
    const TokenKind next = kind(at_ + 1);
    // A block inside the block that was not closed: the keywords that are nothing else tell.
    if (!top) return first_on_line() && is_item_keyword(word) && word != TokenKind::In;
    if (word == TokenKind::In) return kind(begin_) == TokenKind::Skill;
    if (word == TokenKind::End || word == TokenKind::Success || word == TokenKind::Start) {
      if (next == (word == TokenKind::Start ? TokenKind::From : TokenKind::When)) return true;
      return first_on_line() && after_something_whole() && !continues_with_a_name(before());
    }
    return is_item_keyword(word) || word == TokenKind::Robot;
  }

  // A name where an item should begin: two operands never stand side by side.
  void unknown_item() {
    if (enough_errors()) return;
    const TokenKind declaration = kind(begin_);
    const TokenKind last = before();
    const bool certain =
        first_on_line() || last == TokenKind::Semi || last == TokenKind::LBrace || last == TokenKind::RBrace;
    auto near = nearest(text(at_), item_names(declaration));
    if (!near) {
      std::vector<std::string> all;
      for (const ItemKind& item : item_kinds()) all.emplace_back(spelling(item.keyword));
      near = nearest(text(at_), all);
    }
    if (near && near != text(at_) && text(at_) != "minimize" && text(at_) != "minimise") {
      tokens_[at_].starts_item = true;
      diagnostics_.add(misspelt_item(span(at_), text(at_), *near, declaration));
      for (const ItemKind& item : item_kinds())
        if (spelling(item.keyword) == *near) tokens_[at_].kind = item.keyword;
    } else if (certain) {
      const bool unit = last == TokenKind::Number && find_unit(text(at_));
      diagnostics_.add(unit ? unit_on_next_line(span(at_), span(at_ - 1), text(at_))
                            : unknown_item_name(span(at_), text(at_), declaration));
      blank_item();
    }
  }

  // Blanks the words of the item out, up to what may be the next one.
  void blank_item() {
    std::size_t depth = 0;
    std::size_t i = at_;
    for (; i < tokens_.size(); ++i) {
      const TokenKind word = kind(i);
      const bool begins =
          is_item_keyword(word) || starts_declaration(word) || word == TokenKind::Name || is_name(word);
      if (i > at_ && tokens_[i].first_on_line && begins && (depth == 0 || !is_name(word))) break;
      if (is_closing(word) && depth == 0) break;
      if (is_opening(word)) ++depth;
      if (is_closing(word)) --depth;
    }
    for (std::size_t j = at_; j < i; ++j) tokens_[j].kind = TokenKind::Semi;
    at_ = i - 1;
  }

  // --- brackets -------------------------------------------------------------------------------

  void track_brackets() {
    const TokenKind word = here();
    if (is_opening(word)) {
      if (open_.size() >= static_cast<std::size_t>(limits_.nesting)) {
        if (!ranges_.back().skip) diagnostics_.add(too_deep(span(at_), limits_.nesting));
        ranges_.back().skip = true;
        return;
      }
      open_.push_back(word);
    } else if (is_closing(word)) {
      const TokenKind opening = word == TokenKind::RBrace   ? TokenKind::LBrace
                                : word == TokenKind::RParen ? TokenKind::LParen
                                                            : TokenKind::LBracket;
      const auto match = std::find(open_.rbegin(), open_.rend(), opening);
      if (match == open_.rend()) return;
      open_.erase(std::prev(match.base()), open_.end());
      if (open_.empty() && word == TokenKind::RBrace) block_closed_ = true;
    }
  }

  std::vector<Token>& tokens_;
  std::string_view text_;
  std::uint32_t file_;
  const ParseLimits& limits_;
  Diagnostics& diagnostics_;
  std::vector<DeclarationRange> ranges_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;        // of the declaration
  std::vector<TokenKind> open_;  // its open brackets
  bool block_closed_ = false;
};

}  // namespace

std::vector<DeclarationRange> outline(std::vector<Token>& tokens, const SourceMap& sources,
                                      std::uint32_t file, const ParseLimits& limits,
                                      Diagnostics& diagnostics) {
  return Outliner(tokens, sources, file, limits, diagnostics).run();
}

}  // namespace motet
