#pragma once

// Typed expressions: what is left of an expression once names, parameters, lets and rewards are
// resolved. Nodes are shared (hash-consed), so that equal expressions are computed once.

#include <cstdint>
#include <map>
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
  const Term& operator[](TermId id) const { return terms_[id]; }
  std::size_t size() const { return terms_.size(); }

  TermId constant(double value);
  TermId constant(std::vector<double> values);
  TermId signal(SignalRef signal);
  // Elementwise operations broadcast scalars; reductions give length 1. Folds constants.
  TermId operation(Op op, std::vector<TermId> args);
  TermId concat(std::vector<TermId> args);
  TermId slice(TermId of, std::uint32_t offset, std::uint32_t length);
  TermId previous(TermId of);
  TermId history(TermId of, std::uint32_t count);
  TermId draw(Op op, std::vector<TermId> args, std::uint32_t length);  // never shared

 private:
  std::vector<Term> terms_;
  std::map<Term, TermId> index_;
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
