// Compositions as text.

#include "compiler/plan/composition.h"

#include <gtest/gtest.h>

#include "compiler/plan/plan.h"

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

// `b = a & a`, `c = b & b`, ... doubles with every skill, however short the program.
TEST(Composition, ThatUnfoldsToTooMuchIsTooLarge) {
  Plan plan;
  plan.skills.emplace_back().name = "s0";
  for (int i = 1; i <= 60; ++i) {
    const std::string below = "s" + std::to_string(i - 1);
    SkillPlan& skill = plan.skills.emplace_back();
    skill.name = "s" + std::to_string(i);
    skill.composition = "(mean " + below + " " + below + ")";
  }
  EXPECT_FALSE(is_too_large(plan, plan.skills[0]));
  EXPECT_FALSE(is_too_large(plan, plan.skills[8]));  // 765
  EXPECT_TRUE(is_too_large(plan, plan.skills[9]));
  EXPECT_TRUE(is_too_large(plan, plan.skills[60]));
}

TEST(Plan, ANameComesBeforeAnAlias) {
  Plan plan;
  plan.skills.resize(2);
  plan.skills[0].name = "a";
  plan.skills[0].aliases = {"b"};
  plan.skills[1].name = "b";
  EXPECT_EQ(plan.find("b"), &plan.skills[1]);
  plan.skills[1].name = "c";
  EXPECT_EQ(plan.find("b"), plan.skills.data());
}

}  // namespace
}  // namespace motet
