// Compositions as text.

#include "compiler/plan/composition.h"

#include <gtest/gtest.h>

namespace motet {
namespace {

TEST(Composition, IsReadBackAsItWasWritten) {
  for (const char* text :
       {"a", "(mean a b)", "(softmax a (weight 0.5 (mean (weight 2 b) c)))",
        "(mean \"reach(5, 0)\" \"\\\"\\\\\")", "(weight 3 (mean a (weight 1e-07 a.b_9)))"}) {
    const auto composition = parse_composition(text);
    ASSERT_TRUE(composition) << text;
    EXPECT_EQ(to_text(*composition), text);
  }
  EXPECT_EQ(skills_of(*parse_composition("(mean a (softmax b a))")), (std::vector<std::string>{"a", "b"}));
}

TEST(Composition, AnythingElseIsRefused) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "(mean ";
  for (const std::string& text :
       {std::string(), std::string("(mean)"), std::string("(mean a"), std::string("a b"),
        std::string("(sum a b)"), std::string("(weight 0 a)"), std::string("(weight nan a)"),
        std::string("(weight -1 a)"), std::string("(weight 1e999 a)"), std::string("\"a"),
        std::string("(weight 2)"), deep}) {
    EXPECT_FALSE(parse_composition(text)) << text.substr(0, 40);
  }
}

}  // namespace
}  // namespace motet
