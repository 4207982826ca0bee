// What is said about words that are wrong wherever they stand.

#include <algorithm>
#include <array>

#include "language/keywords.h"
#include "language/syntax_error.h"

namespace motet {
namespace {

struct Lookalike {
  std::string_view seen, right;
};
constexpr std::array<Lookalike, 12> lookalikes = {{{"\u2212", "-"},
                                                   {"\u2013", "-"},
                                                   {"\u2014", "-"},
                                                   {"\u00d7", "*"},
                                                   {"\u00b7", "*"},
                                                   {"\u2264", "<="},
                                                   {"\u2265", ">="},
                                                   {"\u2260", "!="},
                                                   {"\u201c", "\""},
                                                   {"\u201d", "\""},
                                                   {"!", "not"},
                                                   {"'", "\""}}};

Diagnostic misspelt(Span span, std::string message, const std::string& right) {
  return {.code = Code::M0101,
          .message = std::move(message),
          .primary = {span, ""},
          .help = {"did you mean " + quoted(right) + "?"},
          .fix = Fix{span, right}};
}

}  // namespace

Diagnostic misspelt_declaration(Span span, std::string_view word, const std::string& right) {
  return misspelt(span, "there is no declaration " + quoted(word), right);
}

Diagnostic misspelt_item(Span span, std::string_view word, const std::string& right, TokenKind declaration) {
  return misspelt(span, "a " + std::string(spelling(declaration)) + " has no item " + quoted(word), right);
}

Diagnostic unknown_item_name(Span span, std::string_view word, TokenKind declaration) {
  const std::string kind(spelling(declaration));
  Diagnostic d{.code = Code::M0101,
               .message = "a " + kind + " has no item " + quoted(word),
               .primary = {span, ""},
               .help = {"the items of a " + kind + " are " + quoted_list(item_names(declaration))}};
  if (word == "minimize" || word == "minimise") d.help = {"maximize the negative: `maximize -(...)`"};
  return d;
}

Diagnostic unit_on_next_line(Span unit, Span number, std::string_view name) {
  return {.code = Code::M0101,
          .message = "a unit stands on the line of its number",
          .primary = {unit, ""},
          .secondary = {{number, "the number"}},
          .help = {"move " + quoted(name) + " up"}};
}

Diagnostic not_a_declaration(const std::vector<Token>& tokens, std::size_t at, std::uint32_t file,
                             std::string_view text) {
  const Token& token = tokens[at];
  if (token.kind == TokenKind::Unknown || token.kind == TokenKind::OpenString)
    return unknown_word(token, file, text);
  const Span span{file, token.begin, token.end};
  const std::string word = quoted(text.substr(token.begin, std::min(token.end - token.begin, 40u)));
  Diagnostic d{.code = Code::M0101, .message = word + " begins no declaration", .primary = {span, ""}};
  if (token.kind == TokenKind::RBrace) {
    d.message = "there is no open `{` that this `}` could close";
  } else if (is_item_keyword(token.kind)) {
    const ItemKind& item = item_kind(token.kind);
    const std::string_view owner = item.in_skill ? "skill" : item.in_world ? "world" : "robot";
    d.help = {word + " belongs inside the braces of a " + std::string(owner)};
  } else {
    d.help = {"a declaration begins with `import`, `let`, `robot`, `world`, `reward` or `skill`"};
  }
  return d;
}

Diagnostic too_deep(Span span, int limit) {
  return {.code = Code::M0004,
          .message = "this is nested deeper than the limit of " + std::to_string(limit),
          .primary = {span, ""},
          .help = {"give a part of it a name with `let`"}};
}

Diagnostic too_large(Span span, std::size_t words) {
  return {.code = Code::M0003,
          .message = "this declaration has more words than the limit of " + std::to_string(words),
          .primary = {span, ""}};
}

Diagnostic unknown_word(const Token& token, std::uint32_t file, std::string_view text) {
  const Span span{file, token.begin, token.end};
  const std::string_view word = text.substr(token.begin, token.end - token.begin);
  Diagnostic d{.code = Code::M0101, .message = "", .primary = {span, ""}};
  if (token.kind == TokenKind::OpenString) {
    d.message = "this string is not closed on its line";
    d.fix = Fix{{file, token.end, token.end}, "\""};
    return d;
  }
  d.message = "unexpected character " + quoted(word.substr(0, 40));
  if (word == "#") d.help = {"a comment is written `//`"};
  for (const Lookalike& l : lookalikes) {
    if (!word.starts_with(l.seen)) continue;
    d.help = {"write " + quoted(l.right)};
    if (word == l.seen) d.fix = Fix{span, std::string(l.right)};
  }
  return d;
}

}  // namespace motet
