#pragma once

// The keywords of declarations and items, and which items go into which declaration.

#include <string>
#include <string_view>
#include <vector>

#include "language/token.h"

namespace motet {

// The spelling of a keyword or a sign; empty for the kinds that have none (names, numbers, ...).
std::string_view spelling(TokenKind kind);

// Import, Let, ...
const std::vector<TokenKind>& declaration_keywords();

struct ItemKind {
  TokenKind keyword;
  bool in_robot, in_world, in_skill;
  bool once;  // may stand only once
};

const std::vector<ItemKind>& item_kinds();
const ItemKind& item_kind(TokenKind keyword);
// Whether it is an item of the declaration that begins with that keyword.
bool belongs(const ItemKind& item, TokenKind declaration);
// The spellings of the items of a declaration: "robot", "scene", ...
std::vector<std::string> item_names(TokenKind declaration);

// `text` in backquotes, as words of a program stand in messages.
std::string quoted(std::string_view text);
// "`a`, `b` and `c`", or with another last word.
std::string quoted_list(const std::vector<std::string>& names, std::string_view last = "and");

}  // namespace motet
