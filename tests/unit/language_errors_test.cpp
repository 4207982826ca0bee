// Syntax errors: their codes, what they leave untouched, and the limits.

#include <gtest/gtest.h>

#include "language_fixture.h"

namespace motet::testing {
namespace {

std::string repeat(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST(SyntaxErrors, OneADeclarationAndTheOthersStand) {
  Parsed p(R"(
let a = (1
let b = 2
let = 3
world w { robot r
reward r = 1 +
skill s { in w }
)");
  EXPECT_EQ(p.codes(), "M0101 M0101 M0101 M0101") << p.rendered();
  ASSERT_EQ(p.module.declarations.size(), 2u);
  EXPECT_EQ(syntax::name_of(p.module.declarations[0])->text, "b");
  EXPECT_EQ(syntax::name_of(p.module.declarations[1])->text, "s");
  std::string broken;
  for (const syntax::Name& name : p.module.broken) broken += name.text + " ";
  EXPECT_EQ(broken, "a w r ");
}

TEST(SyntaxErrors, OneAnItemAndTheOthersAreStillChecked) {
  Parsed p(R"(skill s {
  in w w
  maximize
  hold 3 hz
  learn sac { steps 1
  prior gaussian )
  policy flow { couplings [1 }
  latent per step
  latent per step
})");
  EXPECT_EQ(p.codes(), "M0101 M0101 M0102 M0101 M0101 M0101 M0103") << p.rendered();
}

struct Case {
  const char* text;
  const char* codes;
};

class ErrorCodes : public ::testing::TestWithParam<Case> {};

TEST_P(ErrorCodes, AreThese) {
  Parsed p(GetParam().text);
  EXPECT_EQ(p.codes(), GetParam().codes) << p.rendered();
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, ErrorCodes,
    ::testing::Values(
        Case{"let x = ", "M0101"}, Case{"let x = 1 2", "M0101"}, Case{"let x = a = b", "M0101"},
        Case{"let x = a && b", "M0101"}, Case{"let x = a < b < c", "M0101"},
        Case{"let x = a == not b", "M0101"}, Case{"let x = 1e999", "M0101"}, Case{"let x = \"open", "M0101"},
        Case{"let x = 'a'", "M0101"}, Case{"let x = a \u2264 b", "M0101"}, Case{"let model = 1", "M0101"},
        Case{"let x = a[]", "M0101"}, Case{"let x = a[1.5]", "M0101"}, Case{"let x = a[9999999999]", "M0101"},
        Case{"let x = (a + b)(1)", "M0101"}, Case{"let x = last 0.5 { a }", "M0101"},
        Case{"let x = f(a,, b)", "M0101"}, Case{"let x = (,)", "M0101"}, Case{"let f(a b) = 1", "M0101"},
        Case{"let x = 1 if a", "M0101"}, Case{"let x = .5", "M0101"}, Case{"}", "M0101"},
        Case{"maximize 3", "M0101"}, Case{"import", "M0101"}, Case{"import a..b", "M0101"},
        Case{"import \"a\" as", "M0101"}, Case{"skill a = b & & c", "M0101"},
        Case{"skill a = b * 2", "M0101"}, Case{"skill a = (b & c) * d", "M0101"}, Case{"skill a", "M0101"},
        Case{"skill a = 2", "M0101"}, Case{"@", "M0101"}, Case{"let x = 1 /* no */", "M0101"},
        Case{std::string_view("let x = 1\0", 10).data(), ""},
        // units
        Case{"let x = 3 hz", "M0102"}, Case{"let x = 3 furlong", "M0102"}, Case{"let x = 0x10", "M0102"},
        Case{"robot r { limit action rate 5 per min }", "M0102"},
        Case{"skill s { policy flow { couplings 2 hidden 3 } }", "M0102"},
        // items
        Case{"world w { robot a robot b }", "M0103"},
        Case{"skill s { learn sac { steps 1, steps 2 } }", "M0103"},
        Case{"world w { success when a success when b }", "M0103"},
        Case{"world w { observe a observe b end when c end when d }", ""},
        Case{"world w { maximize 1 }", "M0104"}, Case{"skill s { robot a }", "M0104"},
        Case{"robot r { sample x = y }", "M0104"}, Case{"world w { limit torque 3 }", "M0104"},
        Case{"robot r { model 3 }", "M0101"}, Case{"robot r { limit a in [1] }", "M0101"},
        Case{"world w { measure a = b at ent }", "M0101"}, Case{"world w { measure a = b }", "M0101"},
        Case{"world w { end success }", "M0101"}, Case{"world w { foo }", "M0101"},
        Case{"world w {\n horizon 300\n steps\n}", "M0101"}));

TEST(SyntaxErrors, MisspeltKeywordsAreRepaired) {
  Parsed p("rewrd r = 1\nskil s {\n  maximise r\n  in w\n  lern sac { steps 1 }\n}\n");
  EXPECT_EQ(p.codes(), "M0101 M0101 M0101 M0101") << p.rendered();
  ASSERT_EQ(p.module.declarations.size(), 2u);
  EXPECT_EQ(p.declaration<syntax::Skill>(1).items.size(), 3u);
  for (const Diagnostic& d : p.diagnostics.all()) EXPECT_TRUE(d.fix) << d.message;
  EXPECT_EQ(p.diagnostics.all()[0].fix->replacement, "reward");
}

TEST(SyntaxErrors, AppliedFixesResolveThem) {
  for (const char* text :
       {"rewrd r = 1\n", "let a = (1\n", "let a = [1, (2]\n", "let a = b = c\n", "let a = b && c\n",
        "let a = 2 ** 3\n", "let a = .5\n", "let a = \"b\n", "let a = 3 hz\n", "let a = b \u2264 c\n",
        "skill s { mximize 1 }\n", "world w { robot r\n"}) {
    std::string fixed = text;
    for (int round = 0; round < 4; ++round) {
      Parsed p(fixed);
      if (!p.diagnostics.has_errors()) break;
      const auto& fix = p.diagnostics.all().front().fix;
      ASSERT_TRUE(fix) << p.rendered();
      fixed.replace(fix->span.begin, fix->span.end - fix->span.begin, fix->replacement);
    }
    EXPECT_EQ(Parsed(fixed).codes(), "") << fixed;
  }
}

TEST(SyntaxErrors, AnUnclosedBlockEndsAtTheNextDeclaration) {
  Parsed p("world a {\n  robot r\n  horizon (3\nworld b { robot r }\nlet c = 1\n");
  EXPECT_EQ(p.module.declarations.size(), 2u) << p.rendered();
  EXPECT_EQ(p.diagnostics.errors(), 2u) << p.rendered();
  EXPECT_FALSE(p.diagnostics.all()[1].secondary.empty());
}

TEST(ParserLimits, FileSize) {
  Parsed p("let x = 1 // and more", {.file_bytes = 10});
  EXPECT_EQ(p.codes(), "M0003");
  EXPECT_TRUE(p.module.declarations.empty());
}

TEST(ParserLimits, WordsOfADeclaration) {
  Parsed p("let x = [" + repeat("1,", 100) + "]\nlet y = 2", {.declaration_words = 50});
  EXPECT_EQ(p.codes(), "M0003");
  EXPECT_EQ(p.module.declarations.size(), 1u);
}

TEST(ParserLimits, Utf8) {
  Parsed p("let x = 1 // \xff\n");
  EXPECT_EQ(p.codes(), "M0002");
  EXPECT_FALSE(p.rendered().empty());
}

TEST(ParserLimits, Brackets) {
  EXPECT_EQ(Parsed("let x = " + repeat("(", 100) + "1" + repeat(")", 100)).codes(), "");
  EXPECT_EQ(Parsed("let x = " + repeat("(", 101) + "1" + repeat(")", 101) + "\nlet y = 1").codes(), "M0004");
  EXPECT_EQ(Parsed("let x = " + repeat("f([", 100'000)).codes(), "M0004");
  EXPECT_EQ(Parsed("world w " + repeat("{", 100'000) + "\nlet x = 1 +").codes(), "M0004 M0101");
}

class Chains : public ::testing::TestWithParam<const char*> {};

TEST_P(Chains, HaveALimitAndNoStack) {
  const std::string link = GetParam();
  const auto program = [&](int times) {
    const bool skill = link == " over a" || link == "2 * ";
    const bool prefix = link == "-" || link == "not " || link == "2 * ";
    return (skill ? "skill x = " : "let x = ") +
           (prefix ? repeat(link, times) + "a" : "a" + repeat(link, times));
  };
  Parsed short_chain(program(900));
  EXPECT_EQ(short_chain.codes(), "");
  Parsed again(short_chain.formatted());
  EXPECT_EQ(again.meaning(), short_chain.meaning());
  EXPECT_EQ(Parsed(program(1100)).codes(), "M0004");
  EXPECT_EQ(Parsed(program(20'000)).codes(), "M0004");
}

INSTANTIATE_TEST_SUITE_P(All, Chains,
                         ::testing::Values(" + a", " * a", " ^ a", " and a", ".a", "[0]", "-", "not ",
                                           " if b else c", " over a", "2 * "));

TEST(ParserLimits, WideCompositionsAreNotDeep) {
  EXPECT_EQ(Parsed("skill x = a" + repeat(" & a", 20'000)).codes(), "");
}

TEST(ParserLimits, DeepestTreeInBrackets) {
  // Brackets around chains multiply: the limit holds for the whole tree.
  EXPECT_EQ(Parsed("let x = " + repeat("(", 90) + "a" + repeat(repeat(" + a", 20) + ")", 90)).codes(),
            "M0004");
}

TEST(ParserLimits, ErrorsAreShownUpToALimit) {
  Parsed p(repeat("let\n", 1000));
  EXPECT_EQ(p.diagnostics.all().size(), Diagnostics::limit + 1);
  EXPECT_EQ(p.diagnostics.all().back().code, Code::M0005);
  Parsed items("world w {\n" + repeat("horizon )\n", 1000) + "}");
  EXPECT_EQ(items.diagnostics.all().size(), Diagnostics::limit + 1);
}

TEST(ParserLimits, TheFirstRepeatedItemStays) {
  Parsed p("world w { robot a robot b }");
  EXPECT_EQ(std::get<syntax::RobotItem>(p.declaration<syntax::World>().items.at(0)).robot.text, "a");
  EXPECT_EQ(p.diagnostics.all()[0].secondary.size(), 1u);
}

}  // namespace
}  // namespace motet::testing
