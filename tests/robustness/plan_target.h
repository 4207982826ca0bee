#pragma once

// What a program's text from outside goes through, for the fuzzer and for the replay of its corpus.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "compiler/plan/program.h"
#include "runtime/instructions/evaluator.h"

namespace motet {

inline void try_plan(std::string_view text) {
  class Source : public SignalSource {
   public:
    void read(std::size_t index, std::span<double> out) const override {
      std::fill(out.begin(), out.end(), static_cast<double>(index));
    }
  };
  const Result<InstructionProgram> program = parse_program(text);
  if (!program) return;
  const std::string written = to_text(*program);
  const Result<InstructionProgram> again = parse_program(written);
  if (!again || to_text(*again) != written) {
    std::fprintf(stderr, "a program that does not read back as it was written:\n%s", written.c_str());
    std::abort();
  }
  std::size_t work = 0;
  for (const Instruction& code : program->code) work += code.n;
  if (work * program->reset_passes > 1'000'000) return;  // allowed, but slow
  Evaluator evaluator(*program);
  Random random(1);
  evaluator.reset(Source(), &random);
  evaluator.evaluate(Source(), &random);
}

}  // namespace motet
