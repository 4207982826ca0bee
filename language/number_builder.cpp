// Numbers and their units.

#include <charconv>
#include <cmath>

#include "language/expression_builder.h"
#include "language/units.h"

namespace motet {

using syntax::Expr;
using Kind = Expr::Kind;

std::int64_t ExpressionBuilder::integer(CstCursor node) {
  constexpr std::int64_t largest = 1'000'000'000;
  std::int64_t value = 0;
  for (const char c : text(node)) {
    if (c == '_') continue;
    const bool digit = c >= '0' && c <= '9';
    if (digit) value = 10 * value + (c - '0');
    if (digit && value <= largest) continue;
    error(span(node), digit ? "this number is out of range" : "a whole number is wanted here");
    return 0;
  }
  return value;
}

Expr ExpressionBuilder::number(CstCursor digits, std::optional<CstCursor> unit_word) {
  Expr result = leaf(Kind::number, digits);
  std::string spelling = result.text;
  std::erase(spelling, '_');
  const double factor = spelling.back() == 'k' ? 1e3 : spelling.back() == 'M' ? 1e6 : 1;
  if (factor != 1) spelling.pop_back();
  const auto parsed = std::from_chars(spelling.data(), spelling.data() + spelling.size(), result.value);
  result.value *= factor;
  if (parsed.ec != std::errc() || !std::isfinite(result.value)) {
    result.value = 0;
    error(result.text_span, "this number is out of range");
  }
  if (unit_word) unit(result, *unit_word);
  return result;
}

Expr ExpressionBuilder::number(CstCursor node) {
  std::optional<CstCursor> unit_word;
  for (const CstCursor child : node.children())
    if (child.is(TokenKind::Unit)) unit_word = child;
  return number(node.first(), unit_word);
}

void ExpressionBuilder::unit(Expr& number, CstCursor node) {
  number.unit = std::string(text(node));
  number.unit_span = span(node);
  number.span = join(number.span, number.unit_span);
  if (find_unit(number.unit)) return;
  Diagnostic d{.code = Code::M0102,
               .message = "there is no unit `" + number.unit.substr(0, 40) + "`",
               .primary = {number.unit_span, ""}};
  const auto near = near_unit(number.unit);
  // With a near unit all goes on as if it had been written; else nothing is known of the number.
  number.unit = near.value_or("");
  if (!near) failed_ = true;
  if (near) {
    d.help = {"did you mean `" + *near + "`?"};
    d.fix = Fix{number.unit_span, *near};
  } else {
    std::string all;
    for (const std::string& name : unit_names()) all += (all.empty() ? "" : " ") + name;
    d.help = {"the units are " + all, "a name that is no unit stands after a comma or on the next line"};
  }
  context_.diagnostics.add(std::move(d));
}

}  // namespace motet
