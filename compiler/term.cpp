#include "compiler/term.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <functional>

namespace motet {
namespace {

constexpr TermId empty_slot = ~TermId{0};

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15;
  return hash ^ (hash >> 32);
}

std::uint64_t hash_of(const Term& term) {
  std::uint64_t hash = mix(static_cast<std::uint64_t>(term.kind), static_cast<std::uint64_t>(term.op));
  hash = mix(hash, std::uint64_t{term.length} << 32 | term.offset);
  hash = mix(hash, std::uint64_t{term.serial} << 1 | (term.boolean ? 1 : 0));
  for (const double value : term.values) hash = mix(hash, std::bit_cast<std::uint64_t>(value));
  for (const TermId arg : term.args) hash = mix(hash, arg);
  if (term.kind == Term::Kind::signal) {
    const std::hash<std::string> text;
    hash = mix(hash, static_cast<std::uint64_t>(term.signal.kind) << 32 | term.signal.length);
    hash = mix(mix(hash, text(term.signal.name)), text(term.signal.other));
  }
  return hash;
}

// Bit for bit: 0 and -0 are two constants, a NaN is one.
bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool same(const Term& a, const Term& b) {
  return a.kind == b.kind && a.op == b.op && a.boolean == b.boolean && a.length == b.length &&
         a.offset == b.offset && a.serial == b.serial && a.args == b.args &&
         std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(), same_bits) &&
         a.signal == b.signal;
}

// The same in every step of an episode.
bool is_fixed(const Term& term) {
  return term.kind == Term::Kind::constant ||
         (term.kind == Term::Kind::signal && term.signal.kind == SignalKind::sample);
}

}  // namespace

TermId TermTable::add(Term term) {
  const std::uint64_t hash = hash_of(term);
  if (!slots_.empty()) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask; slots_[i] != empty_slot; i = (i + 1) & mask) {
      const TermId id = slots_[i];
      if (hashes_[id] == hash && same(terms_[id], term)) return id;
    }
  }
  return append(std::move(term), hash);
}

TermId TermTable::append(Term term, std::uint64_t hash) {
  if (2 * (terms_.size() + 1) > slots_.size()) grow();
  const TermId id = static_cast<TermId>(terms_.size());
  terms_.push_back(std::move(term));
  hashes_.push_back(hash);
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash & mask;
  while (slots_[i] != empty_slot) i = (i + 1) & mask;
  slots_[i] = id;
  return id;
}

void TermTable::grow() {
  slots_.assign(std::max<std::size_t>(64, 2 * slots_.size()), empty_slot);
  const std::size_t mask = slots_.size() - 1;
  for (TermId id = 0; id < terms_.size(); ++id) {
    std::size_t i = hashes_[id] & mask;
    while (slots_[i] != empty_slot) i = (i + 1) & mask;
    slots_[i] = id;
  }
}

TermId TermTable::constant(double value) {
  return constant(std::vector<double>{value});
}

TermId TermTable::constant(std::vector<double> values) {
  assert(!values.empty());
  Term term{.kind = Term::Kind::constant, .length = static_cast<std::uint32_t>(values.size())};
  term.values = std::move(values);
  return add(std::move(term));
}

TermId TermTable::signal(SignalRef signal) {
  Term term{.kind = Term::Kind::signal, .length = signal.length};
  term.signal = std::move(signal);
  return add(std::move(term));
}

TermId TermTable::draw(Op op, std::vector<TermId> args, std::uint32_t length) {
  Term term{.kind = Term::Kind::operation, .op = op, .length = length, .serial = ++draws_};
  term.args = std::move(args);
  return add(std::move(term));
}

TermId TermTable::previous(TermId of) {
  const Term& term = terms_[of];
  if (is_fixed(term)) return of;
  return add({.kind = Term::Kind::previous, .boolean = term.boolean, .length = term.length, .args = {of}});
}

TermId TermTable::history(TermId of, std::uint32_t count) {
  assert(count > 0);
  const Term& term = terms_[of];
  if (count == 1) return of;
  if (is_fixed(term)) return concat(std::vector<TermId>(count, of));
  return add({.kind = Term::Kind::history,
              .boolean = term.boolean,
              .length = term.length * count,
              .offset = count,
              .args = {of}});
}

}  // namespace motet
