#include "compiler/plan/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "compiler/plan/op_names.h"
#include "program_fixture.h"

namespace motet {
namespace {

using testing::HasSubstr;

constexpr double inf = std::numeric_limits<double>::infinity();

// One of everything.
InstructionProgram example() {
  InstructionProgram program;
  program.registers = 40;
  program.constants = {{0, 0.1}, {1, -inf}, {2, 3}, {3, -0.0}, {4, 1e-300}};
  program.loads = {{{SignalKind::qpos, "", "", 9}, 5},
                   {{SignalKind::body_pos, "torso", "", 3}, 14},
                   {{SignalKind::contact, "a \"b\"", "\\c\nd", 1}, 17},
                   {{SignalKind::sample, "goal", "", 2}, 18}};
  program.code = {{.op = Op::sub, .n = 3, .dst = 20, .a = {14, 1}, .b = {0, 0}},
                  {.op = Op::norm, .n = 3, .dst = 23, .a = {20, 1}},
                  {.op = Op::select, .n = 1, .dst = 24, .a = {23, 0}, .b = {0, 0}, .c = {17, 0}},
                  {.op = Op::draw_uniform, .n = 2, .dst = 25, .a = {0, 0}, .b = {18, 1}},
                  {.op = Op::draw_choice, .n = 3, .dst = 27, .a = {5, 1}, .c = {2, 0}}};
  program.carries = {{5, 30, 2}, {24, 32, 1}};
  program.histories = {{24, 33, 1, 4}};
  program.reset_passes = 2;
  program.outputs = {{"observation", 5, 9}, {"reward.at_x(-1)", 24, 1}};
  return program;
}

TEST(ProgramText, IsStable) {
  EXPECT_EQ(to_text(example()), R"text(registers 40
passes 2
constant r0 = 0.1
constant r1 = -inf
constant r2 = 3
constant r3 = -0
constant r4 = 1e-300
load r5[9] = qpos
load r14[3] = body.pos "torso"
load r17 = contact "a \x22b\x22" "\x5cc\x0ad"
load r18[2] = sample "goal"
r20 = sub[3] r14[] r0
r23 = norm[3] r20[]
r24 = select r23 r0 r17
r25 = draw_uniform[2] r0 r18[]
r27 = draw_choice[3] r5[] r2
carry r5[2] -> r30[2]
carry r24 -> r32
history r24 -> r33 x 4
output r5[9] "observation"
output r24 "reward.at_x(-1)"
)text");
}

TEST(ProgramText, ReadsBackAsItWas) {
  const Result<InstructionProgram> program = parse_program(to_text(example()));
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(*program, example());
  EXPECT_TRUE(std::signbit(program->constants[3].value));
}

TEST(ProgramText, SpaceDoesNotMatter) {
  const Result<InstructionProgram> program =
      parse_program("\n  registers   3\r\n\n\tconstant  r0=1\n r1 =neg  r0 \n output r1   \"x\"");
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(program->code.size(), 1u);
}

TEST(ProgramText, EveryNameIsFoundAgain) {
  for (int i = 0; i <= static_cast<int>(Op::draw_choice); ++i) {
    EXPECT_EQ(find_op(op_name(static_cast<Op>(i))), static_cast<Op>(i));
  }
  for (int i = 0; i <= static_cast<int>(SignalKind::sample); ++i) {
    EXPECT_EQ(find_signal(signal_name(static_cast<SignalKind>(i))), static_cast<SignalKind>(i));
  }
  EXPECT_FALSE(find_op("frobnicate"));
  EXPECT_FALSE(find_signal("body"));
}

std::string refusal(std::string_view text) {
  const Result<InstructionProgram> program = parse_program(text);
  return program ? "" : program.error().message;
}

TEST(ProgramText, ErrorsNameTheLine) {
  EXPECT_EQ(refusal("registers 2\nfoo"), "line 2: expected an item of a program");
  EXPECT_EQ(refusal("registers"), "line 1: expected a whole number below 2^32");
  EXPECT_EQ(refusal("registers 4294967296"), "line 1: expected a whole number below 2^32");
  EXPECT_EQ(refusal("registers 2 2"), "line 1: expected the end of the line");
  EXPECT_EQ(refusal("registers 2\nr0 = frob r1"), "line 2: expected the name of an operation");
  EXPECT_EQ(refusal("registers 2\nr0 = neg"), "line 2: expected 'r'");
  EXPECT_EQ(refusal("registers 2\nr0 = add r1"), "line 2: expected 'r'");
  EXPECT_EQ(refusal("registers 2\nr0 = neg r1[2]"), "line 2: expected ']'");
  EXPECT_EQ(refusal("registers 2\nconstant r0 = x"), "line 2: expected a number");
  EXPECT_EQ(refusal("registers 2\nload r0 = body"), "line 2: expected the name of a signal");
  EXPECT_EQ(refusal("registers 2\noutput r0 x"), "line 2: expected '\"'");
  EXPECT_EQ(refusal("registers 2\noutput r0 \"x"), "line 2: expected a text in double quotes");
  EXPECT_EQ(refusal("registers 2\noutput r0 \"\\xg0\""), "line 2: expected a text in double quotes");
  EXPECT_EQ(refusal("registers 2\ncarry r0[2] -> r1"), "line 2: expected ranges of one length");
}

// --- validation -------------------------------------------------------------------------------

using Change = std::function<void(InstructionProgram&)>;

std::string refusal(const Change& change) {
  InstructionProgram program = example();
  EXPECT_TRUE(validate(program));
  change(program);
  const Status status = validate(program);
  return status ? "" : status.error().message;
}

TEST(ValidateProgram, NothingReachesOutsideTheRegisters) {
  const Change changes[] = {
      [](auto& p) { p.constants[0].reg = 40; },
      [](auto& p) { p.loads[0].reg = 32; },
      [](auto& p) { p.loads[0].reg = ~0u; },
      [](auto& p) { p.loads[0].signal.length = 0; },
      [](auto& p) { p.loads[0].signal.length = ~0u; },
      [](auto& p) { p.code[0].dst = 38; },
      [](auto& p) { p.code[0].dst = ~0u; },
      [](auto& p) { p.code[0].n = 0; },
      [](auto& p) { p.code[0].n = ~0u; },
      [](auto& p) { p.code[0].a.reg = 38; },
      [](auto& p) { p.code[0].b.reg = 40; },
      [](auto& p) { p.code[1].dst = 40; },
      [](auto& p) { p.code[1].a.reg = 38; },
      [](auto& p) { p.code[2].c.reg = 40; },
      [](auto& p) { p.carries[0].from = 39; },
      [](auto& p) { p.carries[0].to = 39; },
      [](auto& p) { p.carries[0].n = 0; },
      [](auto& p) { p.carries[0].n = ~0u; },
      [](auto& p) { p.histories[0].to = 37; },
      [](auto& p) { p.histories[0].from = 40; },
      [](auto& p) { p.histories[0].n = 0; },
      [](auto& p) { p.histories[0].count = 0; },
      [](auto& p) { p.histories[0].count = ~0u; },
      [](auto& p) { p.histories[0].n = p.histories[0].count = 1u << 16; },
      [](auto& p) { p.outputs[0].reg = 32; },
      [](auto& p) { p.outputs[0].n = 0; },
      [](auto& p) { p.outputs[0].n = ~0u; },
      [](auto& p) { p.registers = 30; },
      [](auto& p) { p.registers = 0; },
  };
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    EXPECT_THAT(refusal(changes[i]), HasSubstr("reaches outside")) << "change " << i;
  }
}

TEST(ValidateProgram, Strides) {
  EXPECT_THAT(refusal([](auto& p) { p.code[0].a.stride = 2; }), HasSubstr("stride"));
  EXPECT_THAT(refusal([](auto& p) { p.code[1].b = {1, 0}; }), HasSubstr("does not take"));
}

TEST(ValidateProgram, AResultDoesNotOverlapWhatItReads) {
  EXPECT_THAT(refusal([](auto& p) { p.code[0].dst = 15; }), HasSubstr("overlaps"));
  EXPECT_THAT(refusal([](auto& p) { p.code[0].dst = 13; }), HasSubstr("overlaps"));
  EXPECT_THAT(refusal([](auto& p) { p.code[0].b.reg = 21; }), HasSubstr("overlaps"));
  EXPECT_EQ(refusal([](auto& p) { p.code[0].dst = 14; }), "");
  EXPECT_THAT(refusal([](auto& p) { p.code[4].dst = 11; }), HasSubstr("overlaps"));
}

TEST(ValidateProgram, TheNumberOfOptionsIsAConstant) {
  EXPECT_THAT(refusal([](auto& p) { p.constants[2].value = 1e9; }), HasSubstr("whole constant"));
  EXPECT_THAT(refusal([](auto& p) { p.constants[2].value = 0; }), HasSubstr("whole constant"));
  EXPECT_THAT(refusal([](auto& p) { p.constants[2].value = 1.5; }), HasSubstr("whole constant"));
  EXPECT_THAT(refusal([](auto& p) { p.constants[2].value = std::numeric_limits<double>::quiet_NaN(); }),
              HasSubstr("whole constant"));
  EXPECT_THAT(refusal([](auto& p) { p.constants[2].value = 20; }), HasSubstr("reaches outside"));
  EXPECT_THAT(refusal([](auto& p) { p.code[4].c.reg = 24; }), HasSubstr("whole constant"));  // computed
  EXPECT_THAT(refusal([](auto& p) { p.carries[0].to = 2; }), HasSubstr("whole constant"));   // overwritten
  EXPECT_THAT(refusal([](auto& p) { p.code[4].a.stride = 0; }), HasSubstr("reaches outside"));
}

TEST(ValidateProgram, SignalsHaveTheirLengthsAndNames) {
  EXPECT_THAT(refusal([](auto& p) { p.loads[1].signal.length = 2; }), HasSubstr("another length"));
  EXPECT_THAT(refusal([](auto& p) { p.loads[0].signal.name = "x"; }), HasSubstr("number of names"));
  EXPECT_THAT(refusal([](auto& p) { p.loads[1].signal.name = ""; }), HasSubstr("number of names"));
  EXPECT_THAT(refusal([](auto& p) { p.loads[1].signal.other = "x"; }), HasSubstr("number of names"));
  EXPECT_THAT(refusal([](auto& p) { p.loads[2].signal.other = ""; }), HasSubstr("number of names"));
}

TEST(ValidateProgram, Limits) {
  EXPECT_THAT(refusal([](auto& p) { p.registers = 1'000'001; }), HasSubstr("more registers"));
  EXPECT_THAT(refusal([](auto& p) { p.code.resize(1'000'001); }), HasSubstr("more items"));
  EXPECT_THAT(refusal([](auto& p) { p.reset_passes = 0; }), HasSubstr("passes"));
  EXPECT_THAT(refusal([](auto& p) { p.reset_passes = 10'001; }), HasSubstr("passes"));
  EXPECT_THAT(refusal([](auto& p) {
                p.registers = 1'000'000;
                for (auto& code : p.code) code = {.op = Op::copy, .n = 400'000, .dst = 500'000, .a = {0, 1}};
                p.reset_passes = 1000;
              }),
              HasSubstr("too long"));
}

TEST(ValidateProgram, OutputsHaveNamesOfTheirOwn) {
  EXPECT_THAT(refusal([](auto& p) { p.outputs[1].name = "observation"; }), HasSubstr("twice"));
  EXPECT_THAT(refusal([](auto& p) { p.outputs[1].name = ""; }), HasSubstr("no name"));
}

}  // namespace
}  // namespace motet
