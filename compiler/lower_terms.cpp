// Terms to instructions. A term's arguments come before it in the table, so that every pass is one
// loop over the table, however deep the terms are nested.
//
// Registers are never used twice. A vector that is put together has its parts computed where they
// belong; only parts that live elsewhere already (in another vector, in a state) are copied.

#include <algorithm>
#include <cassert>
#include <limits>

#include "compiler/plan/arithmetic.h"
#include "compiler/term.h"

namespace motet {
namespace {

using Kind = Term::Kind;

constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

class Lowering {
 public:
  Lowering(const TermTable& table, const std::vector<NamedTerm>& outputs)
      : table_(table),
        outputs_(outputs),
        live_(table.size(), false),
        place_(table.size(), nowhere),
        options_(table.size(), nowhere),
        is_state_(table.size(), false) {}

  InstructionProgram run() {
    mark_live();
    place_parts();
    for (TermId id = 0; id < table_.size(); ++id) {
      if (live_[id]) emit(id);
    }
    emit_outputs();
    emit_carries();
    program_.reset_passes = passes();
    return std::move(program_);
  }

 private:
  void mark_live() {
    for (const NamedTerm& output : outputs_) live_[output.term] = true;
    for (TermId id = static_cast<TermId>(table_.size()); id-- > 0;) {
      if (!live_[id]) continue;
      for (const TermId arg : table_[id].args) live_[arg] = true;
    }
  }

  std::uint32_t allocate(std::uint32_t n) {
    const std::uint32_t reg = program_.registers;
    program_.registers += n;
    return reg;
  }

  // --- where values live ------------------------------------------------------------------------

  // Draws of a choice need their options side by side.
  static bool puts_together(const Term& term) {
    return term.kind == Kind::concat ||
           (term.kind == Kind::operation && term.op == Op::draw_choice && term.args.size() > 1);
  }

  // Parts of vectors get their place from the vector: the outer ones first.
  void place_parts() {
    for (TermId id = static_cast<TermId>(table_.size()); id-- > 0;) {
      if (!live_[id]) continue;
      const Term& term = table_[id];
      if (term.kind == Kind::history) {
        const std::uint32_t n = table_[term.args[0]].length;
        place_at(term.args[0], place(id) + (term.offset - 1) * n);
      } else if (puts_together(term)) {
        place_all(term, parts_begin(id));
      }
    }
  }

  // Where the parts of this term begin.
  std::uint32_t parts_begin(TermId id) {
    const Term& term = table_[id];
    if (term.kind == Kind::concat) return place(id);
    if (options_[id] == nowhere) {
      std::uint32_t n = 0;
      for (const TermId arg : term.args) n += table_[arg].length;
      options_[id] = allocate(n);
    }
    return options_[id];
  }

  void place_all(const Term& term, std::uint32_t reg) {
    for (const TermId arg : term.args) {
      place_at(arg, reg);
      reg += table_[arg].length;
    }
  }

  // A slice lives where its vector does, and a previous value in a state: those are copied.
  void place_at(TermId id, std::uint32_t reg) {
    const Kind kind = table_[id].kind;
    if (place_[id] == nowhere && kind != Kind::slice && kind != Kind::previous) place_[id] = reg;
  }

  std::uint32_t place(TermId id) {
    if (place_[id] == nowhere) place_[id] = allocate(table_[id].length);
    return place_[id];
  }

  // --- instructions -----------------------------------------------------------------------------

  void emit(TermId id) {
    const Term& term = table_[id];
    switch (term.kind) {
      case Kind::constant:
        for (std::uint32_t i = 0; i < term.length; ++i) {
          program_.constants.push_back({place(id) + i, term.values[i]});
        }
        break;
      case Kind::signal:
        program_.loads.push_back({term.signal, place(id)});
        break;
      case Kind::operation:
        emit_operation(id);
        break;
      case Kind::concat:
        emit_parts(term, place(id));
        break;
      case Kind::slice:
        place_[id] = place(term.args[0]) + term.offset;
        is_state_[id] = is_state_[term.args[0]];
        break;
      case Kind::previous:
        is_state_[id] = true;
        break;
      case Kind::history:
        emit_history(id);
        break;
      case Kind::parameter:
        assert(!"a parameter that was not replaced cannot be lowered");
        break;
    }
  }

  void emit_operation(TermId id) {
    const Term& term = table_[id];
    if (term.op == Op::draw_choice) return emit_choice(id);
    Instruction instruction{.op = term.op, .n = term.length, .dst = place(id)};
    if (op_shape(term.op) == OpShape::reduction) {
      for (const TermId arg : term.args) instruction.n = std::max(instruction.n, table_[arg].length);
    }
    Operand* const operands[] = {&instruction.a, &instruction.b, &instruction.c};
    for (std::size_t i = 0; i < term.args.size(); ++i) *operands[i] = operand(term.args[i]);
    program_.code.push_back(instruction);
  }

  Operand operand(TermId id) { return {place(id), table_[id].length == 1 ? 0u : 1u}; }

  void emit_choice(TermId id) {
    const Term& term = table_[id];
    std::uint32_t options = place(term.args[0]), n = table_[term.args[0]].length;
    if (puts_together(term)) {
      options = parts_begin(id);
      n = emit_parts(term, options);
    }
    assert(n % term.length == 0);
    const std::uint32_t count = allocate(1);
    program_.constants.push_back({count, static_cast<double>(n / term.length)});
    program_.code.push_back(
        {.op = Op::draw_choice, .n = term.length, .dst = place(id), .a = {options, 1}, .c = {count, 0}});
  }

  // Copies the arguments that do not live here already. Returns their length.
  std::uint32_t emit_parts(const Term& term, std::uint32_t begin) {
    std::uint32_t reg = begin;
    for (const TermId arg : term.args) {
      if (place(arg) != reg) copy(reg, place(arg), table_[arg].length);
      reg += table_[arg].length;
    }
    return reg - begin;
  }

  void copy(std::uint32_t to, std::uint32_t from, std::uint32_t n) {
    program_.code.push_back({.op = Op::copy, .n = n, .dst = to, .a = {from, n == 1 ? 0u : 1u}});
  }

  // The value is what the state will be after this step: all but its oldest block, and the present.
  void emit_history(TermId id) {
    const Term& term = table_[id];
    const TermId of = term.args[0];
    const std::uint32_t n = table_[of].length, count = term.offset;
    const std::uint32_t state = allocate(term.length);
    program_.histories.push_back({place(of), state, n, count});
    copy(place(id), state + n, (count - 1) * n);
    const std::uint32_t newest = place(id) + (count - 1) * n;
    if (place(of) != newest) copy(newest, place(of), n);
  }

  // --- the rest ---------------------------------------------------------------------------------

  // An output is read after the states have moved on, so that it cannot be a state itself.
  void emit_outputs() {
    for (const NamedTerm& output : outputs_) {
      const std::uint32_t n = table_[output.term].length;
      std::uint32_t reg = place(output.term);
      if (is_state_[output.term]) {
        reg = allocate(n);
        copy(reg, place(output.term), n);
      }
      program_.outputs.push_back({output.name, reg, n});
    }
  }

  // The previous value of a previous value is taken before that one moves on: the outer ones first.
  void emit_carries() {
    for (TermId id = static_cast<TermId>(table_.size()); id-- > 0;) {
      const Term& term = table_[id];
      if (!live_[id] || term.kind != Kind::previous) continue;
      program_.carries.push_back({place(term.args[0]), place(id), term.length});
    }
  }

  // One evaluation for each state that lies behind another, and one that reads them all.
  std::uint32_t passes() const {
    std::vector<std::uint32_t> depth(table_.size(), 1);
    std::uint32_t most = 1;
    for (TermId id = 0; id < table_.size(); ++id) {
      if (!live_[id]) continue;
      const Term& term = table_[id];
      for (const TermId arg : term.args) depth[id] = std::max(depth[id], depth[arg]);
      if (term.kind == Kind::previous || term.kind == Kind::history) ++depth[id];
      most = std::max(most, depth[id]);
    }
    return most;
  }

  const TermTable& table_;
  const std::vector<NamedTerm>& outputs_;
  std::vector<bool> live_;
  std::vector<std::uint32_t> place_;    // the first register of a term's value
  std::vector<std::uint32_t> options_;  // the first register of a choice's options
  std::vector<bool> is_state_;          // the value lives in registers that the updates change
  InstructionProgram program_;
};

}  // namespace

InstructionProgram lower(const TermTable& table, const std::vector<NamedTerm>& outputs) {
  return Lowering(table, outputs).run();
}

}  // namespace motet
