// The canonical form: what it looks like, that it keeps comments and meaning, and that it is final.

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "language_fixture.h"

namespace motet::testing {
namespace {

std::string formatted(const std::string& text) {
  Parsed p(text);
  EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  const std::string once = p.formatted();
  Parsed again(once);
  EXPECT_FALSE(again.diagnostics.has_errors()) << again.rendered();
  EXPECT_EQ(again.meaning(), p.meaning()) << once;
  EXPECT_EQ(again.formatted(), once);
  return once;
}

TEST(Format, OpensShortBlocksAndAlignsItems) {
  EXPECT_EQ(formatted("world field { robot ant;  scene \"field.xml\";  horizon 1000 steps }"),
            "world field {\n"
            "  robot   ant\n"
            "  scene   \"field.xml\"\n"
            "  horizon 1000 steps\n"
            "}\n");
}

TEST(Format, LeavesTheCanonicalFormAlone) {
  const std::string text = R"(// Skills that are declared, trained apart, and combined.
import robots.planar_pusher

world table {
  robot   planar_pusher
  horizon 300 steps
  sample  start = uniform((-0.5, -0.5), (0.5, 0.5))
  reset   body(puck).pos.xy = start
  measure error_x = abs(body(puck).pos.x + 1)  at end
}

reward at_x(goal) = -abs(body(puck).pos.x - goal) - 0.1 * distance(site(tip).pos, body(puck).pos)

skill push_left {
  in       table
  maximize at_x(-1)
  learn    sql { steps 200k, temperature 1 }
}

// The mean of the two soft Q-functions (Eq. 6.2): do both. Trained offline,
// from the replay of the parts, with no new robot time.
skill bottom_left = push_left & push_bottom
)";
  EXPECT_EQ(formatted(text), text);
}

TEST(Format, KeepsAtMostOneEmptyLine) {
  EXPECT_EQ(formatted("\n\nlet a = 1\nlet b = 2\n\n\n\nlet c = 3\n\n"),
            "let a = 1\nlet b = 2\n\nlet c = 3\n");
  EXPECT_EQ(formatted("world w {\n\n\n  robot a\n\n\n  horizon 3 steps\n\n}"),
            "world w {\n  robot   a\n\n  horizon 3 steps\n}\n");
}

TEST(Format, KeepsCommentsWhereTheyStand) {
  EXPECT_EQ(formatted(R"(
// first

// second
import a.b // behind
let x = f(1, // one
  // before two
  2
  // after two
)
world w { // open
  // leading

  robot r; // robot
  // last
}
world e { // nothing
}
skill s {
  learn sac { // settings
    steps 3 // three
    // own
    batch 4
    // after
  }
} // closed
// end of file)"),
            R"(// first

// second
import a.b  // behind
let x = f(1,  // one
          // before two
          2
          // after two
    )
world w {  // open
  // leading

  robot r  // robot
  // last
}
world e {  // nothing
}
skill s {
  learn sac {  // settings
    steps 3  // three
    // own
    batch 4
    // after
  }
}  // closed
// end of file
)");
}

TEST(Format, BreaksLongLines) {
  const std::string a(40, 'a'), b(40, 'b'), c(30, 'c');
  EXPECT_EQ(formatted("let x = " + a + " + " + b + " * 2 - " + c),
            "let x = " + a + "\n    + " + b + " * 2\n    - " + c + "\n");
  EXPECT_EQ(formatted("robot r { observe " + a + ", " + b + ", last 2 { " + c + " } }"),
            "robot r {\n  observe " + a + ",\n          " + b + ",\n          last 2 { " + c + " }\n}\n");
  EXPECT_EQ(formatted("let x = f(" + a + ", " + b + ", " + c + ")"),
            "let x = f(" + a + ",\n          " + b + ",\n          " + c + ")\n");
  EXPECT_EQ(
      formatted("skill s { learn sac { " + a + " 1, " + b + " 2; " + c + " 3 } }"),
      "skill s {\n  learn sac {\n    " + a + " 1\n    " + b + " 2\n    " + c + "           3\n  }\n}\n");
  EXPECT_EQ(formatted("skill s = " + a + " & " + b + " | " + c + " over d"),
            "skill s = " + a + " & " + b + "\n    | " + c + "\n    over d\n");
}

TEST(Format, ExpressionsOnOneLine) {
  for (const char* text :
       {"-a ^ -b ^ c", "(a + b) * c", "a - (b - c)", "not a and (b or c)", "(not a) == b", "-(a + b)",
        "(-a) ^ b", "a if b else c if d else e", "(a if b else c) + 1", "f(x, kp 1.2)", "(a, b).x[0..2]",
        "[1, [2, 3]]", "last 6 { a, b }[0]", "20 Hz", "200k", "f()", "(a < b) == (c < d)", "(1 m).x"})
    EXPECT_EQ(expression(text), text);
  EXPECT_EQ(expression("a+b*c"), "a + b * c");
  EXPECT_EQ(expression("((a))"), "(a)");
  EXPECT_EQ(expression("20Hz"), "20 Hz");
  EXPECT_EQ(expression("f( x ,y , )"), "f(x, y)");
}

// --- random programs ------------------------------------------------------------------------------

class RandomProgram {
 public:
  explicit RandomProgram(std::uint32_t seed) : random_(seed) {}

  std::string text() {
    std::string result;
    for (int i = 0; i < 1 + pick(6); ++i) result += declaration() + gap();
    return result;
  }

  // A tree as no parser would make it: with no parentheses of its own.
  syntax::Expr tree(int depth) {
    using Kind = syntax::Expr::Kind;
    syntax::Expr e{.kind = Kind::name, .text = word()};
    if (depth == 0) {
      if (chance(2)) e = {.kind = Kind::number, .text = "1.5", .value = 1.5};
      return e;
    }
    const auto child = [&] { e.children.push_back(tree(depth - 1)); };
    switch (pick(9)) {
      case 0:
        e = {.kind = Kind::unary, .text = chance(2) ? "-" : "not"};
        child();
        break;
      case 1:
      case 2:
      case 3: {
        static constexpr const char* signs[] = {"+", "-", "*", "/", "^", "<", "==", "and", "or", ">="};
        e = {.kind = Kind::binary, .text = signs[pick(10)]};
        child(), child();
        break;
      }
      case 4:
        e = {.kind = Kind::conditional};
        child(), child(), child();
        break;
      case 5:
        e = {.kind = Kind::call, .text = "f"};
        child();
        break;
      case 6:
        e = {.kind = Kind::vector};
        child(), child();
        break;
      case 7:
        e = {.kind = Kind::member, .text = "x"};
        child();
        break;
      case 8:
        e = {.kind = Kind::slice, .first = 1};
        child();
        break;
      default:
        break;
    }
    return e;
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int n) { return pick(n) == 0; }

  // Between two words: anything that means nothing.
  std::string gap() {
    switch (pick(12)) {
      case 0:
        return "\n";
      case 1:
        return "  // c" + std::to_string(pick(10)) + "\n";
      case 2:
        return "\n// own\n";
      case 3:
        return "\n\n\n";
      case 4:
        return "\r\n\t";
      default:
        return " ";
    }
  }
  std::string word() {
    static constexpr const char* words[] = {"a",    "goal",  "end",    "success", "time",
                                            "rate", "steps", "body_1", "at"};
    return words[pick(9)];
  }
  std::string number() {
    static constexpr const char* numbers[] = {"1",     "2.5",     "200k",  "1e-3",
                                              "20 Hz", "3 steps", "1_000", "45deg"};
    return numbers[pick(8)];
  }
  std::string list(const std::string& between, const std::function<std::string()>& element, int most = 3) {
    std::string result = element();
    for (int i = pick(most); i > 0; --i) result += gap() + between + gap() + element();
    return result;
  }
  std::string expr(int depth = 3) {
    if (depth == 0) return chance(2) ? word() : number();
    const auto next = [this, depth] { return expr(depth - 1); };
    switch (pick(14)) {
      case 0:
        return "-" + gap() + next();
      case 1:
        return "(" + gap() + "not" + gap() + next() + gap() + ")";
      case 2:
        return next() + gap() + "*" + gap() + next();
      case 3:
        return "(" + gap() + list(",", next, 4) + gap() + ")";
      case 4:
        return word() + "(" + gap() + list(",", next) + gap() + ")";
      case 5:
        return "body(torso)" + gap() + "." + "pos" + gap() + "[" + gap() + "0..2" + gap() + "]";
      case 6:
        return "[" + gap() + list(",", next, 5) + gap() + "]";
      case 7:
        return "last 3 {" + gap() + list(",", next) + gap() + "}";
      case 8:
        return "(" + next() + gap() + "if" + gap() + next() + gap() + "else" + gap() + next() + ")";
      case 9:
        return "f(" + gap() + word() + gap() + "," + gap() + "kp " + number() + ")";
      case 10:
        return "(" + list(chance(2) ? "+" : "-", next, 5) + ")";
      case 11:
        return "(" + list(chance(2) ? "and" : "or", next, 4) + ")";
      case 12:
        return "\"a file.xml\"";
      default:
        return word();
    }
  }
  std::string skill_expr(int depth = 2) {
    if (depth == 0) return chance(2) ? "a" : "reach(" + gap() + expr(1) + gap() + ")";
    const auto next = [this, depth] { return skill_expr(depth - 1); };
    switch (pick(5)) {
      case 0:
        return "2" + gap() + "*" + gap() + "(" + next() + gap() + ")";
      case 1:
        return list("&", next);
      case 2:
        return list("|", next);
      case 3:
        return "(" + gap() + list("over", next) + gap() + ")";
      default:
        return next();
    }
  }
  std::string settings() {
    std::string result = "{";
    for (int i = 0; i < pick(4); ++i)
      result += gap() + "s" + std::to_string(i) + gap() + expr(1) + (chance(2) ? "," : "\n");
    return result + gap() + "}";
  }
  std::string declaration() {
    switch (pick(7)) {
      case 0:
        return "import" + std::string(" a.b") + gap() + "as" + gap() + "c";
      case 1:
        return "let" + gap() + word() + gap() + "=" + gap() + expr();
      case 2:
        return "reward r(" + gap() + "x" + gap() + "," + gap() + "y" + gap() + ")" + gap() + "=" + gap() +
               expr();
      case 3:
        return "robot" + gap() + "r {" +
               items({"model \"a.xml\"",
                      "observe " + list(
                                       ",", [this] { return expr(); }, 5),
                      "act swing[4]" + gap() + "in [-1, 1]" + gap() + ", hip", "drive motor(a) = " + expr(),
                      "limit x in [0, 1]", "limit action rate 5" + gap() + "per" + gap() + "s",
                      "control 20 Hz"}) +
               "}";
      case 4:
        return "world" + gap() + "w {" +
               items({"robot" + gap() + "r", "horizon" + gap() + "3 steps", "sample g = " + expr(),
                      "reset qpos" + gap() + "+=" + gap() + expr(), "end" + gap() + "when" + gap() + expr(),
                      "measure m =" + gap() + expr() + gap() + "at" + gap() + "max"}) +
               "}";
      case 5:
        return "skill s" + gap() + "=" + gap() + skill_expr() +
               (chance(2) ? gap() + "{" + items({"in w"}) + "}" : "");
      default:
        return "skill s over" + gap() + skill_expr() + gap() + "{" +
               items({"in" + gap() + "w", "maximize" + gap() + expr(), "policy flow" + gap() + settings(),
                      "learn sac" + settings(), "start from" + gap() + skill_expr(),
                      "latent per" + gap() + "step"}) +
               "}";
    }
  }
  std::string items(const std::vector<std::string>& candidates) {
    std::string result;
    for (const std::string& candidate : candidates)
      if (chance(2)) result += gap() + candidate + (chance(4) ? ";" : "") + gap();
    return result;
  }

  std::mt19937 random_;
};

TEST(FormatProperty, RandomProgramsKeepTheirMeaning) {
  int read = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    const std::string text = RandomProgram(seed).text();
    Parsed p(text);
    // A gap may part a number from its unit, and not everything nests: those say so and are skipped.
    if (p.diagnostics.has_errors()) continue;
    ++read;
    const std::string once = p.formatted();
    Parsed again(once);
    ASSERT_FALSE(again.diagnostics.has_errors()) << "seed " << seed << "\n" << once << again.rendered();
    ASSERT_EQ(again.meaning(), p.meaning()) << "seed " << seed << "\n" << text << "-----\n" << once;
    ASSERT_EQ(again.formatted(), once) << "seed " << seed << "\n" << text;
    ASSERT_EQ(again.module.comments.size(), p.module.comments.size()) << "seed " << seed;
  }
  EXPECT_GT(read, 1500);
}

TEST(FormatProperty, RandomTreesAreReadBack) {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    const std::string text = format(RandomProgram(seed).tree(1 + static_cast<int>(seed % 5)));
    Parsed p("let x = " + text);
    ASSERT_FALSE(p.diagnostics.has_errors()) << p.rendered();
    ASSERT_EQ(format(p.declaration<syntax::Let>().value), text);

    SourceMap sources;
    syntax::Module made;
    made.file = sources.add("made", std::string());
    made.declarations.push_back(syntax::Let{.name = {"x", {}},
                                            .parameters = {},
                                            .value = RandomProgram(seed).tree(1 + static_cast<int>(seed % 5)),
                                            .span = {}});
    ASSERT_EQ(p.meaning(), dump(made, sources, false)) << text;
  }
}

}  // namespace
}  // namespace motet::testing
