#pragma once

// The items of a block.

#include <map>
#include <string>
#include <vector>

#include "language/expression_builder.h"
#include "language/keywords.h"

namespace motet {

class BlockBuilder {
 public:
  // `declaration` is the keyword of what the block belongs to.
  BlockBuilder(const BuildContext& context, ExpressionBuilder& expressions, TokenKind declaration)
      : context_(context), expressions_(expressions), declaration_(declaration) {}

  // The items that were read without an error.
  std::vector<syntax::Item> items(CstCursor block);

 private:
  // An item's keyword, and what follows it that is not a sign.
  struct Parts {
    TokenKind keyword;
    Span span;
    std::vector<CstCursor> nodes;
    std::vector<CstCursor> words;
    bool has(TokenKind kind) const;
  };

  bool accept(const Parts& parts);
  std::optional<syntax::Item> item(const Parts& parts);
  syntax::Item limit(const Parts& parts);
  std::optional<syntax::Item> model(const Parts& parts);
  std::optional<syntax::Item> measure(const Parts& parts);
  syntax::ActChannel channel(CstCursor node);
  std::vector<syntax::Setting> settings(const Parts& parts);
  void repeated(Span again, Span first, const std::string& what);

  const BuildContext& context_;
  ExpressionBuilder& expressions_;
  TokenKind declaration_;
  std::map<TokenKind, Span> seen_;
};

}  // namespace motet
