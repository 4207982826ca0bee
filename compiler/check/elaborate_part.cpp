// Parts of vectors: .x, .xy, [0], [2..].

#include "compiler/check/elaborator.h"

namespace motet::checking {

namespace {

bool is_swizzle(std::string_view text) {
  return !text.empty() && text.size() <= 4 && text.find_first_not_of("xyzw") == std::string_view::npos;
}

// Where the letter's number lies. A quaternion's scalar part comes first.
std::uint32_t index_of(char letter, bool quaternion) {
  const auto position = static_cast<std::uint32_t>(std::string_view("xyzw").find(letter));
  return quaternion ? (position + 1) % 4 : position;
}

}  // namespace

Value Elaborator::part(const Value& of, std::uint32_t offset, std::uint32_t length) {
  if (!spend(length)) return Value::unknown();
  Value result = of;
  result.term = table_.slice(of.term, offset, length);
  result.length = length;
  result.quaternion = false;
  mix_nonlinear(result, {&of});
  return result;
}

Value Elaborator::member(const Expr& e, const Frame& f) {
  const Expr& of = e.children[0];
  if (of.kind == Expr::Kind::call && is_element_word(of.text) && of.text != "sensor" && of.text != "contact")
    return element_signal(e, f);
  if (of.kind == Expr::Kind::name) {
    if (of.text == "com") return com(e, f);
    if (shared_.scope.is_alias(f.module, of.text)) return name(e, of.text + "." + e.text, f);
  }
  const Value value = number_operand(of, f);
  if (value.type == Value::Type::unknown && !is_swizzle(e.text)) return value;
  return swizzle(e, value, f);
}

Value Elaborator::swizzle(const Expr& e, const Value& of, const Frame& f) {
  if (!is_swizzle(e.text)) {
    return complain(
        {.code = Code::M0305,
         .message = "a vector has no " + ticked("." + e.text),
         .primary = {e.text_span, ""},
         .help = {"its parts are `.x`, `.y`, `.z`, `.w`, several together (`.xy`), `[0]` and `[2..]`"}},
        f);
  }
  if (!of.known()) return Value::unknown_number();
  std::vector<Value> parts;
  for (const char letter : e.text) {
    const std::uint32_t index = index_of(letter, of.quaternion);
    if (index >= of.length) {
      return complain({.code = Code::M0403,
                       .message = "there is no " + ticked(std::string(".") + letter) + " in " +
                                  counted(of.length, "number"),
                       .primary = {e.text_span, ""},
                       .secondary = {{e.children[0].span, counted(of.length, "number")}}},
                      f);
    }
    // Neighbours are one slice.
    if (!parts.empty() && e.text.size() > 1) {
      const Term& before = table_[parts.back().term];
      if (before.kind == Term::Kind::slice && before.args[0] == of.term &&
          before.offset + before.length == index) {
        parts.back() = part(of, before.offset, before.length + 1);
        continue;
      }
    }
    parts.push_back(part(of, index, 1));
  }
  Value result = concatenated(parts, e.span);
  mix_nonlinear(result, {&of});
  return checked(result, e, f);
}

Value Elaborator::slice(const Expr& e, const Frame& f) {
  const Value of = number_operand(e.children[0], f);
  if (!of.known()) return Value::unknown_number();
  const std::int64_t first = e.first.value_or(0);
  const std::int64_t last = e.last.value_or(of.length);
  if (first < 0 || last > of.length || first >= last) {
    const std::string range = "`[0]` to `[" + std::to_string(of.length - 1) + "]`";
    return complain({.code = Code::M0403,
                     .message = e.single ? "there is no `[" + std::to_string(first) + "]` in " +
                                               counted(of.length, "number")
                                         : "this part does not lie within " + counted(of.length, "number"),
                     .primary = {e.text_span, ""},
                     .secondary = {{e.children[0].span, counted(of.length, "number")}},
                     .help = {"they are " + range}},
                    f);
  }
  return checked(part(of, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first)), e, f);
}

}  // namespace motet::checking
