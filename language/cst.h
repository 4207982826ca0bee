#pragma once

// The concrete tree of one declaration, as the parser hands it to the builder: its rules and tokens
// in the order of the text.

#include <string_view>
#include <vector>

#include "language/token.h"

namespace motet {

enum class Rule : std::uint8_t {
#define MOTET_RULE(name) name,
#include "language/rules.def"
#undef MOTET_RULE
  Token,  // a leaf
};

struct CstNode {
  Rule rule = Rule::Token;
  bool failed = false;              // has a syntax error, which was reported
  TokenKind kind = TokenKind::Eof;  // of a leaf
  std::uint32_t next = 0;           // index of the first node after this one's subtree
  std::uint32_t begin = 0;          // bytes
  std::uint32_t end = 0;
};

// Nodes in preorder: the children of node i begin at i + 1.
using Cst = std::vector<CstNode>;

// A place in a tree. Cheap to copy.
class CstCursor {
 public:
  CstCursor(const Cst& nodes, std::uint32_t index) : nodes_(&nodes), index_(index) {}

  const CstNode& operator*() const { return (*nodes_)[index_]; }
  const CstNode* operator->() const { return &(*nodes_)[index_]; }
  bool is(Rule rule) const { return (*this)->rule == rule; }
  bool is(TokenKind kind) const { return (*this)->rule == Rule::Token && (*this)->kind == kind; }

  CstCursor first() const { return {*nodes_, index_ + 1}; }
  CstCursor next() const { return {*nodes_, (*this)->next}; }

  // for (CstCursor child : cursor.children())
  class Children;
  Children children() const;

 private:
  const Cst* nodes_;
  std::uint32_t index_;
};

class CstCursor::Children {
 public:
  Children(CstCursor first, CstCursor end) : first_(first), end_(end) {}

  struct Iterator {
    CstCursor at;
    CstCursor operator*() const { return at; }
    Iterator& operator++() {
      at = at.next();
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at.index_ != other.at.index_; }
  };
  Iterator begin() const { return {first_}; }
  Iterator end() const { return {end_}; }

 private:
  CstCursor first_, end_;
};

inline CstCursor::Children CstCursor::children() const {
  return {first(), next()};
}

}  // namespace motet
