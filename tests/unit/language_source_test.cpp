#include <gtest/gtest.h>

#include "language/source.h"
#include "language/text/utf8.h"

namespace motet {
namespace {

TEST(SourceFile, LinesEndInThreeWays) {
  const SourceFile file("a", "one\ntwo\r\nthree\rfour");
  EXPECT_EQ(file.line_count(), 4u);
  EXPECT_EQ(file.line(1), "one");
  EXPECT_EQ(file.line(2), "two");
  EXPECT_EQ(file.line(3), "three");
  EXPECT_EQ(file.line(4), "four");
}

TEST(SourceFile, PositionsCountCodePoints) {
  const SourceFile file("a", "x\n\u00e9\u4e2d\U0001f600!\n");
  EXPECT_EQ(file.position(0).line, 1u);
  const Position mark = file.position(2 + 2 + 3 + 4);
  EXPECT_EQ(mark.line, 2u);
  EXPECT_EQ(mark.column, 4u);
}

TEST(SourceFile, AnOffsetPastTheEndIsTheEnd) {
  const SourceFile file("a", "ab\n");
  EXPECT_EQ(file.position(99).line, 2u);
  EXPECT_EQ(file.position(99).column, 1u);
  EXPECT_EQ(SourceFile("b", "").position(0).line, 1u);
  EXPECT_EQ(SourceFile("b", "").line(1), "");
}

TEST(SourceMap, TextOfASpan) {
  SourceMap map;
  map.add("a", "first");
  const auto file = map.add("b", "let x = 1");
  EXPECT_EQ(map.text({file, 4, 5}), "x");
  EXPECT_EQ(map.text(join({file, 0, 3}, {file, 8, 9})), "let x = 1");
}

TEST(Utf8, RefusesWhatIsNot) {
  EXPECT_FALSE(utf8::first_invalid("plain \u00e9 \U0001f600"));
  EXPECT_EQ(utf8::first_invalid("ab\xff"), 2u);
  EXPECT_EQ(utf8::first_invalid("\xc3"), 0u);              // cut off
  EXPECT_EQ(utf8::first_invalid("\xc0\xaf"), 0u);          // overlong
  EXPECT_EQ(utf8::first_invalid("\xe0\x80\xaf"), 0u);      // overlong
  EXPECT_EQ(utf8::first_invalid("\xed\xa0\x80"), 0u);      // a surrogate
  EXPECT_EQ(utf8::first_invalid("\xf4\x90\x80\x80"), 0u);  // past U+10FFFF
  EXPECT_EQ(utf8::first_invalid("a\x80"), 1u);             // continues nothing
}

TEST(Utf8, Widths) {
  EXPECT_EQ(utf8::width(U'a'), 1);
  EXPECT_EQ(utf8::width(U'\u4e2d'), 2);
  EXPECT_EQ(utf8::width(U'\u0301'), 0);
  EXPECT_TRUE(utf8::is_control(0x1b));
  EXPECT_TRUE(utf8::is_control(0x202e));
  EXPECT_FALSE(utf8::is_control(U'\u00e9'));
}

}  // namespace
}  // namespace motet
