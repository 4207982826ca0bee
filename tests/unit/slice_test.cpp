// A part of a program computes what the whole does.

#include "compiler/plan/slice.h"

#include <gtest/gtest.h>

#include "program_fixture.h"

namespace motet {
namespace {

TEST(Slice, LeavesOutWhatIsNotAskedFor) {
  const auto whole = parse_program(
      "registers 8\npasses 1\nconstant r0 = 2\nconstant r7 = 5\nload r1 = time\nload r2 = qpos\n"
      "r3 = mul r1 r0\nr4 = add r2 r7\noutput r3 \"a\"\noutput r4 \"b\"\n");
  ASSERT_TRUE(whole) << whole.error().message;
  const InstructionProgram part = slice(*whole, {"a", "none"});
  EXPECT_EQ(to_text(part),
            "registers 8\npasses 1\nconstant r0 = 2\nload r1 = time\nr3 = mul r1 r0\noutput r3 \"a\"\n");
  EXPECT_TRUE(validate(part));
}

// What is remembered may feed what is remembered.
TEST(Slice, FollowsMemory) {
  const auto whole = parse_program(
      "registers 12\npasses 3\nload r0 = time\nload r10 = qpos\nr1 = add r0 r2\ncarry r1 -> r2\n"
      "history r2 -> r3 x 4\nr8 = sum[4] r3[]\nr11 = abs r10\noutput r8 \"a\"\noutput r11 \"b\"\n");
  ASSERT_TRUE(whole) << whole.error().message;
  const InstructionProgram part = slice(*whole, {"a"});
  EXPECT_EQ(part.carries, whole->carries);
  EXPECT_EQ(part.histories, whole->histories);
  ASSERT_EQ(part.code.size(), 2u);
  EXPECT_EQ(part.loads.size(), 1u);
  EXPECT_EQ(part.reset_passes, 3u);
}

}  // namespace
}  // namespace motet
