#pragma once

// Typed expressions: what is left of an expression once names, parameters, lets and rewards are
// resolved. Nodes are shared (hash-consed), so that equal expressions are computed once.

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "compiler/plan/program.h"

namespace motet {

using TermId = std::uint32_t;

struct Term {
  enum class Kind : std::uint8_t {
    constant,   // values
    signal,     // signal
    operation,  // op over args; scalars broadcast
    concat,     // args one after the other
    slice,      // args[0] [offset, offset + length)
    previous,   // args[0] before the step
    history,    // the last `offset` values of args[0], the oldest first
    parameter,  // stands for an argument that is not known (a declaration checked by itself)
  };
  Kind kind{};
  Op op{};
  bool boolean = false;
  std::uint32_t length = 1;
  std::uint32_t offset = 0;
  std::uint32_t serial = 0;  // keeps random draws apart: each draw is its own
  std::vector<double> values = {};
  SignalRef signal = {};
  std::vector<TermId> args = {};

  friend auto operator<=>(const Term&, const Term&) = default;
};

class TermTable {
 public:
  TermId add(Term term);  // returns the equal term that is there, if one is
  // The reference stays valid when terms are added.
  const Term& operator[](TermId id) const { return terms_[id]; }
  std::size_t size() const { return terms_.size(); }

  TermId constant(double value);
  TermId constant(std::vector<double> values);
  TermId signal(SignalRef signal);
  // Elementwise operations broadcast scalars; reductions give length 1. Folds constants, and leaves
  // out what changes nothing (x * 1, -(-x)); every result is bit for bit that of the terms as given,
  // but for x ^ 2, which becomes the exactly rounded x * x.
  TermId operation(Op op, std::vector<TermId> args);
  TermId concat(std::vector<TermId> args);
  TermId slice(TermId of, std::uint32_t offset, std::uint32_t length);
  TermId previous(TermId of);
  TermId history(TermId of, std::uint32_t count);
  // draw_uniform and draw_normal take two args, of this length or scalars; draw_choice takes its
  // options, each of this length, one an arg or all in one. Never shared.
  TermId draw(Op op, std::vector<TermId> args, std::uint32_t length);

 private:
  TermId append(Term term, std::uint64_t hash);
  void grow();

  std::deque<Term> terms_;
  std::vector<std::uint64_t> hashes_;  // of terms_
  std::vector<TermId> slots_;          // open addressing by hash; its size is a power of two
  std::uint32_t draws_ = 0;
};

// Readable text of a term, infix, for messages and dumps.
std::string to_text(const TermTable& table, TermId id);

// Lowers the outputs to one program. Dead terms are left out, equal ones computed once.
struct NamedTerm {
  std::string name;
  TermId term;
};
InstructionProgram lower(const TermTable& table, const std::vector<NamedTerm>& outputs);

}  // namespace motet
