// Vectors put together and taken apart.

#include <algorithm>
#include <cassert>

#include "compiler/term.h"

namespace motet {

TermId TermTable::concat(std::vector<TermId> args) {
  assert(!args.empty());
  // Neighbours that lie side by side in one vector become one part again.
  std::vector<TermId> parts;
  for (const TermId arg : args) {
    if (!parts.empty()) {
      const Term &before = terms_[parts.back()], &next = terms_[arg];
      if (before.kind == Term::Kind::slice && next.kind == Term::Kind::slice && before.args == next.args &&
          before.offset + before.length == next.offset) {
        parts.back() = slice(before.args[0], before.offset, before.length + next.length);
        continue;
      }
    }
    parts.push_back(arg);
  }
  if (parts.size() == 1) return parts[0];

  Term term{.kind = Term::Kind::concat, .boolean = true, .length = 0};
  bool constants = true;
  for (const TermId id : parts) {
    term.length += terms_[id].length;
    term.boolean = term.boolean && terms_[id].boolean;
    constants = constants && terms_[id].kind == Term::Kind::constant;
  }
  if (constants) {
    term.kind = Term::Kind::constant;
    for (const TermId id : parts) {
      term.values.insert(term.values.end(), terms_[id].values.begin(), terms_[id].values.end());
    }
  } else {
    term.args = std::move(parts);
  }
  return add(std::move(term));
}

TermId TermTable::slice(TermId of, std::uint32_t offset, std::uint32_t length) {
  // Down to the vector that the elements come from.
  while (true) {
    const Term& term = terms_[of];
    assert(length > 0 && offset <= term.length && length <= term.length - offset);
    if (offset == 0 && length == term.length) return of;
    if (term.kind == Term::Kind::slice) {
      offset += term.offset;
      of = term.args[0];
      continue;
    }
    if (term.kind != Term::Kind::concat) break;
    std::uint32_t begin = 0;
    std::size_t i = 0;
    while (begin + terms_[term.args[i]].length <= offset) begin += terms_[term.args[i++]].length;
    if (offset + length > begin + terms_[term.args[i]].length) break;
    of = term.args[i];
    offset -= begin;
  }
  const Term& term = terms_[of];
  Term part{.kind = Term::Kind::slice, .boolean = term.boolean, .length = length, .offset = offset};
  if (term.kind == Term::Kind::constant) {
    part.kind = Term::Kind::constant;
    part.offset = 0;
    part.values.assign(term.values.begin() + offset, term.values.begin() + offset + length);
  } else {
    part.args = {of};
  }
  return add(std::move(part));
}

}  // namespace motet
