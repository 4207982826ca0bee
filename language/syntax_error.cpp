#include "language/syntax_error.h"

#include <algorithm>
#include <array>

#include "language/keywords.h"
#include "language/units.h"

namespace motet {
namespace {

class Explainer {
 public:
  explicit Explainer(const SyntaxErrorContext& context) : c_(context) {}

  Diagnostic explain() {
    const bool missing = c_.at >= c_.end || (here().first_on_line && c_.at > c_.begin);
    if (!at_end() && (kind() == TokenKind::Unknown || kind() == TokenKind::OpenString))
      return unknown_word(here(), c_.file, c_.text);
    Diagnostic d{.code = Code::M0101, .message = "", .primary = {missing ? gap() : span(c_.at), ""}};
    if (unit_that_is_none(d) || item_as_name(d)) return d;
    if (reserved_name(d) || unclosed(d) || typing_habit(d) || operand(d) || name(d) || listed(d)) return d;
    d.primary = {at_end() ? gap() : span(c_.at), ""};
    d.message = at_end() ? "this is not complete" : "unexpected " + found() + after();
    return d;
  }

 private:
  bool at_end() const { return c_.at >= c_.end; }
  const Token& here() const { return c_.tokens[c_.at]; }
  TokenKind kind() const { return at_end() ? TokenKind::Eof : here().kind; }
  TokenKind kind_before() const { return c_.at > c_.begin ? c_.tokens[c_.at - 1].kind : TokenKind::Eof; }
  bool expects(TokenKind k) const { return c_.expected.test(static_cast<std::size_t>(k)); }
  bool reading(Rule rule) const {
    return std::find(c_.rules.begin(), c_.rules.end(), rule) != c_.rules.end();
  }
  std::string_view text(std::size_t i) const {
    return c_.text.substr(c_.tokens[i].begin, c_.tokens[i].end - c_.tokens[i].begin);
  }
  Span span(std::size_t i) const { return {c_.file, c_.tokens[i].begin, c_.tokens[i].end}; }
  // Just behind the word before: where something is missing.
  Span gap() const {
    const std::uint32_t offset = c_.at > 0 ? c_.tokens[c_.at - 1].end : 0;
    return {c_.file, offset, offset};
  }
  std::string found() const { return quoted(shortened(text(c_.at))); }
  static std::string shortened(std::string_view word) {
    return word.size() <= 40 ? std::string(word) : std::string(word.substr(0, 20)) + "...";
  }
  std::string after() const {
    return c_.at > c_.begin ? " after " + quoted(shortened(text(c_.at - 1))) : std::string();
  }

  bool expects_operand() const { return expects(TokenKind::Number) && expects(TokenKind::LParen); }

  // `{ couplings 2 hidden 3 }`: a name on the line of a number is read as its unit.
  bool unit_that_is_none(Diagnostic& d) const {
    if (kind_before() != TokenKind::Unit || find_unit(text(c_.at - 1))) return false;
    d.code = Code::M0102;
    d.message = "there is no unit " + quoted(shortened(text(c_.at - 1)));
    d.primary = {span(c_.at - 1), ""};
    d.help = {"a name that is no unit stands after a comma or on the next line"};
    return true;
  }

  // `success when`, and `end when` on the next line: `end` was read as a name.
  bool item_as_name(Diagnostic& d) const {
    if (c_.at < c_.begin + 2 || !c_.tokens[c_.at - 1].starts_item || !is_name(kind_before())) return false;
    const Token& last = c_.tokens[c_.at - 2];
    if (ends_operand(last.kind)) return false;
    d.primary.span = {c_.file, last.end, last.end};
    d.message = std::string("expected ") + (last.kind == TokenKind::When ? "a condition" : "an expression") +
                " after " + quoted(text(c_.at - 2));
    return true;
  }

  // `sample model = ...`
  bool reserved_name(Diagnostic& d) const {
    if (at_end() || here().first_on_line || !expects(TokenKind::Name)) return false;
    const bool keyword = is_item_keyword(kind()) || starts_declaration(kind()) || kind() == TokenKind::Last;
    const bool only_names = !expects_operand() && is_reserved(kind());
    if (!(keyword && !here().starts_item) && !only_names) return false;
    d.message = found() + " is a word of the language and cannot be a name";
    d.help = {"choose another name, such as " + quoted("my_" + std::string(text(c_.at)))};
    if (expects_operand())
      d.help = {"a name of the model that is spelled so goes into quotes: `body(\"" +
                std::string(text(c_.at)) + "\")`"};
    return true;
  }

  static TokenKind closing_of(TokenKind opening) {
    return opening == TokenKind::LBrace   ? TokenKind::RBrace
           : opening == TokenKind::LParen ? TokenKind::RParen
                                          : TokenKind::RBracket;
  }

  // A bracket that is open where something else begins or ends.
  bool unclosed(Diagnostic& d) const {
    const bool ends = at_end() || is_closing(kind()) || here().starts_item || starts_declaration(kind()) ||
                      is_item_keyword(kind());
    if (!ends) return false;
    std::vector<std::size_t> open;
    for (std::size_t i = c_.begin; i < c_.at; ++i) {
      if (is_opening(c_.tokens[i].kind)) open.push_back(i);
      if (is_closing(c_.tokens[i].kind) && !open.empty()) open.pop_back();
    }
    // The innermost that could be closed here: those inside it have been reported.
    while (!open.empty() && !expects(closing_of(c_.tokens[open.back()].kind))) open.pop_back();
    if (open.empty()) return false;
    const std::size_t opening = open.back();
    const TokenKind kind = c_.tokens[opening].kind;
    const TokenKind closing = closing_of(kind);
    const std::string what = open.size() == 1 && kind == TokenKind::LBrace ? block_name()
                             : kind == TokenKind::LBrace                   ? brace_name(opening)
                                                                           : quoted(spelling(kind));
    d.primary = {at_end() || here().first_on_line ? gap() : span(c_.at), "expected here"};
    d.message = "expected " + quoted(spelling(closing)) + " to close the " + what;
    d.secondary = {{span(opening), "opened here"}};
    d.fix = Fix{gap(), std::string(spelling(closing))};
    return true;
  }
  std::string block_name() const { return std::string(spelling(c_.tokens[c_.begin].kind)); }
  std::string brace_name(std::size_t opening) const {
    if (opening >= 2 && c_.tokens[opening - 2].kind == TokenKind::Last) return "history";
    return "settings";
  }

  // What other languages write.
  bool typing_habit(Diagnostic& d) const {
    if (at_end()) return false;
    const bool operation = expects(TokenKind::And);
    const auto write = [&](Span where, std::string replacement, std::string message) {
      d.primary.span = where;
      d.message = std::move(message);
      d.fix = Fix{where, std::move(replacement)};
      return true;
    };
    if (kind() == TokenKind::Assign && expects(TokenKind::Equal) && !expects(TokenKind::Assign))
      return write(span(c_.at), "==", "`=` gives a name its value; a comparison is written `==`");
    if ((kind() == TokenKind::Amp || kind() == TokenKind::Pipe) && operation) {
      const bool twice = c_.at + 1 < c_.end && c_.tokens[c_.at + 1].kind == kind();
      const Span where = twice ? join(span(c_.at), span(c_.at + 1)) : span(c_.at);
      const std::string word = kind() == TokenKind::Amp ? "and" : "or";
      return write(where, word, found() + " combines skills; in an expression write `" + word + "`");
    }
    if (kind() == TokenKind::Star && kind_before() == TokenKind::Star)
      return write(join(span(c_.at - 1), span(c_.at)), "^", "a power is written `^`");
    if (kind() == TokenKind::Slash && kind_before() == TokenKind::Slash) return false;
    if (kind_before() == TokenKind::Slash && kind() == TokenKind::Star)
      return write(join(span(c_.at - 1), span(c_.at)), "//", "a comment is written `//`");
    if (kind() == TokenKind::Dot && expects_operand() && c_.at + 1 < c_.end &&
        c_.tokens[c_.at + 1].kind == TokenKind::Number)
      return write(span(c_.at), "0.", "a number needs a digit before its point");
    if (kind() == TokenKind::ArgumentName) {
      d.message = "expected `,` or `)` after " + found();
      d.primary.span = {c_.file, here().end, here().end};
      return true;
    }
    return false;
  }

  bool operand(Diagnostic& d) const {
    if (!expects_operand() || ends_operand(kind_before())) return false;
    const bool skill = !c_.rules.empty() &&
                       (c_.rules.back() == Rule::SkillExpression || c_.rules.back() == Rule::SkillOperand);
    const bool condition = kind_before() == TokenKind::When || kind_before() == TokenKind::If;
    d.message = std::string("expected ") +
                (skill       ? "a skill"
                 : condition ? "a condition"
                             : "an expression") +
                after();
    if (!at_end() && !here().first_on_line) d.primary.text = "found " + found();
    return true;
  }

  bool name(Diagnostic& d) const {
    if (!expects(TokenKind::Name) || expects_operand()) return false;
    if (expects(TokenKind::RBrace) || expects(TokenKind::RParen)) return listed(d);
    d.message = "expected a name" + after();
    if (expects(TokenKind::String)) d.message = "expected a name or a file in quotes" + after();
    if (!at_end() && !here().first_on_line) d.primary.text = "found " + found();
    return true;
  }

  // The few words that would have fitted, without the operators that always do.
  bool listed(Diagnostic& d) const {
    static constexpr std::array candidates = {
        TokenKind::Assign, TokenKind::PlusAssign, TokenKind::Over,     TokenKind::From,   TokenKind::When,
        TokenKind::Else,   TokenKind::At,         TokenKind::Per,      TokenKind::Rate,   TokenKind::In,
        TokenKind::LBrace, TokenKind::Comma,      TokenKind::RBracket, TokenKind::RParen, TokenKind::RBrace};
    const bool in_chain = expects(TokenKind::And);
    std::vector<std::string> names;
    if (expects(TokenKind::String) && !in_chain) names.push_back("a file in quotes");
    if (expects(TokenKind::Number) && !expects_operand()) names.push_back("a number");
    for (const TokenKind candidate : candidates)
      if (expects(candidate)) names.push_back(quoted(spelling(candidate)));
    if (!names.empty() && reading(Rule::Block) && expects(TokenKind::Maximize)) return block_item(d);
    if (names.empty() || names.size() > 4) return false;
    d.message = "expected ";
    for (std::size_t i = 0; i < names.size(); ++i)
      d.message += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
    d.message += after();
    if (!at_end() && !here().first_on_line) d.primary.text = "found " + found();
    return true;
  }

  bool block_item(Diagnostic& d) const {
    if (at_end()) return false;
    d.primary = {span(c_.at), ""};
    d.message = "unexpected " + found() + after();
    d.help = {"the items of a " + block_name() + " are " + quoted_list(item_names(c_.tokens[c_.begin].kind))};
    return true;
  }

  const SyntaxErrorContext& c_;
};

}  // namespace

Diagnostic syntax_error(const SyntaxErrorContext& context) {
  return Explainer(context).explain();
}

}  // namespace motet
