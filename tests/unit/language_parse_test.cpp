// What programs without errors become.

#include <gtest/gtest.h>

#include "language_fixture.h"

namespace motet::testing {
namespace {

using namespace syntax;

template <class T>
const T& item(const std::vector<Item>& items, std::size_t i) {
  return std::get<T>(items.at(i));
}

TEST(Parse, EveryDeclaration) {
  const Parsed p(R"(
import robots.ant
import "local.motet" as mine
let goal = (8, 0)
let near(a, b) = distance(a, b) < 1
robot r { model "r.xml" }
world w { robot r }
reward zero() = 0
skill a { in w }
skill b over a { in w }
skill c = a & b
skill d = a | b { in w }
skill e from "runs/e"
skill f(x, y) { in w }
)");
  EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  ASSERT_EQ(p.module.declarations.size(), 13u);
  EXPECT_EQ(p.declaration<Import>(0).path, "robots.ant");
  EXPECT_FALSE(p.declaration<Import>(0).quoted);
  EXPECT_EQ(p.declaration<Import>(1).path, "local.motet");
  EXPECT_TRUE(p.declaration<Import>(1).quoted);
  EXPECT_EQ(p.declaration<Import>(1).alias->text, "mine");
  EXPECT_FALSE(p.declaration<Let>(2).has_parameters);
  EXPECT_EQ(p.declaration<Let>(3).parameters.size(), 2u);
  EXPECT_TRUE(p.declaration<syntax::Reward>(6).has_parameters);
  EXPECT_TRUE(p.declaration<syntax::Reward>(6).parameters.empty());
  EXPECT_TRUE(p.declaration<Skill>(7).has_body);
  EXPECT_EQ(p.declaration<Skill>(8).over->name.text, "a");
  EXPECT_EQ(p.declaration<Skill>(9).value->kind, SkillExpr::Kind::both);
  EXPECT_FALSE(p.declaration<Skill>(9).has_body);
  EXPECT_TRUE(p.declaration<Skill>(10).has_body);
  EXPECT_EQ(p.declaration<Skill>(11).from->text, "runs/e");
  EXPECT_EQ(p.declaration<Skill>(12).parameters.size(), 2u);
}

TEST(Parse, ItemsOfARobot) {
  const Parsed p(R"(robot mini {
  model point(2)
  observe qpos[2..], last 6 { qvel, action }
  act swing[4] in [-0.5, 0.5], motors
  drive motor(fl_left) = pd(extension[0], kp 1.2)
  control 20 Hz
  limit joint(knee).pos in [-1, 1]
  limit action rate 5 per s
  limit torque 3 Nm
  limit torque in [0, 1]
})");
  ASSERT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  const auto& items = p.declaration<Robot>().items;
  EXPECT_EQ(item<ModelItem>(items, 0).source.kind, Expr::Kind::call);
  EXPECT_EQ(item<ObserveItem>(items, 1).terms.size(), 2u);
  EXPECT_EQ(item<ObserveItem>(items, 1).terms[1].value, 6);
  const auto& channels = item<ActItem>(items, 2).channels;
  EXPECT_EQ(channels[0].length, 4);
  EXPECT_EQ(channels[0].range->children.size(), 2u);
  EXPECT_EQ(channels[1].name.text, "motors");
  const Expr& pd = item<DriveItem>(items, 3).value;
  EXPECT_EQ(pd.children[1].kind, Expr::Kind::argument);
  EXPECT_EQ(pd.children[1].text, "kp");
  EXPECT_EQ(pd.children[1].children[0].value, 1.2);
  EXPECT_EQ(item<ControlItem>(items, 4).rate.unit, "Hz");
  EXPECT_EQ(item<LimitItem>(items, 5).kind, LimitItem::Kind::range);
  EXPECT_EQ(item<LimitItem>(items, 6).kind, LimitItem::Kind::action_rate);
  EXPECT_EQ(item<LimitItem>(items, 6).bound.unit, "per s");
  EXPECT_EQ(item<LimitItem>(items, 7).kind, LimitItem::Kind::torque);
  EXPECT_EQ(item<LimitItem>(items, 8).kind, LimitItem::Kind::range);
  EXPECT_EQ(item<LimitItem>(items, 8).target[0].text, "torque");
}

TEST(Parse, ItemsOfAWorldOnOneLine) {
  const Parsed p(
      "world w { robot mine.ant; scene \"w.xml\" horizon 10 s sample g = uniform(0, 1) reset qpos[0] = g\n"
      "reset qvel += normal(0, 0.1) end when success success when time > 3 measure e = g at max }");
  ASSERT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  const auto& items = p.declaration<World>().items;
  ASSERT_EQ(items.size(), 9u);
  EXPECT_EQ(item<RobotItem>(items, 0).robot.text, "mine.ant");
  EXPECT_EQ(item<SceneItem>(items, 1).path.text, "w.xml");
  EXPECT_EQ(item<HorizonItem>(items, 2).length.unit, "s");
  EXPECT_EQ(item<SampleItem>(items, 3).name.text, "g");
  EXPECT_FALSE(item<ResetItem>(items, 4).add);
  EXPECT_TRUE(item<ResetItem>(items, 5).add);
  EXPECT_EQ(item<EndItem>(items, 6).condition.text, "success");
  EXPECT_EQ(item<SuccessItem>(items, 7).condition.text, ">");
  EXPECT_EQ(item<MeasureItem>(items, 8).over, MeasureItem::Over::max);
}

TEST(Parse, ItemsOfASkill) {
  const Parsed p(R"(skill s {
  in w
  maximize a + 0.1 * b(2)
  policy flow { couplings 2, embedding [128, 128] }
  learn sac { steps 4M; temperature anneal(1, 0.1, 100k)
    batch 64
    target_entropy -6 }
  hold 3 steps
  latent per episode
  prior uniform
  start from 2 * a & b
})");
  ASSERT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  const auto& items = p.declaration<Skill>().items;
  EXPECT_EQ(item<InItem>(items, 0).world.text, "w");
  EXPECT_EQ(item<PolicyItem>(items, 2).settings[1].name.text, "embedding");
  const auto& settings = item<LearnItem>(items, 3).settings;
  ASSERT_EQ(settings.size(), 4u);
  EXPECT_EQ(settings[0].value.value, 4e6);
  EXPECT_EQ(settings[1].value.text, "anneal");
  EXPECT_EQ(settings[3].value.kind, Expr::Kind::unary);
  EXPECT_EQ(item<HoldItem>(items, 4).length.unit, "steps");
  EXPECT_EQ(item<LatentItem>(items, 5).per.text, "episode");
  EXPECT_EQ(item<PriorItem>(items, 6).kind.text, "uniform");
  EXPECT_EQ(item<StartItem>(items, 7).skill.kind, SkillExpr::Kind::both);
}

TEST(Parse, ANewlineEndsTheUnit) {
  const Parsed p("skill s { learn sac { temperature 1\n steps 5\n hidden 3 steps } }");
  ASSERT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  const auto& settings = item<LearnItem>(p.declaration<Skill>().items, 0).settings;
  ASSERT_EQ(settings.size(), 3u);
  EXPECT_EQ(settings[0].value.unit, "");
  EXPECT_EQ(settings[1].name.text, "steps");
  EXPECT_EQ(settings[2].value.unit, "steps");
}

TEST(Parse, Numbers) {
  const auto value = [](const std::string& text) {
    const Parsed p("let x = " + text);
    EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
    const Expr& e = p.declaration<Let>().value;
    return std::pair(e.value, e.unit);
  };
  EXPECT_EQ(value("1_000_000"), std::pair(1e6, std::string()));
  EXPECT_EQ(value("200k"), std::pair(2e5, std::string()));
  EXPECT_EQ(value("1.5M"), std::pair(1.5e6, std::string()));
  EXPECT_EQ(value("1e-3"), std::pair(1e-3, std::string()));
  EXPECT_EQ(value("2E+2"), std::pair(200.0, std::string()));
  EXPECT_EQ(value("20 Hz"), std::pair(20.0, std::string("Hz")));
  EXPECT_EQ(value("20Hz"), std::pair(20.0, std::string("Hz")));
  EXPECT_EQ(value("3kg"), std::pair(3.0, std::string("kg")));
  EXPECT_EQ(value("1e3 m"), std::pair(1000.0, std::string("m")));
  EXPECT_EQ(value("4 m"), std::pair(4.0, std::string("m")));
  EXPECT_EQ(value("1k steps"), std::pair(1000.0, std::string("steps")));
}

TEST(Parse, Slices) {
  const auto slice = [](const std::string& text) {
    const Parsed p("let x = q" + text);
    EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
    const Expr& e = p.declaration<Let>().value;
    return std::tuple(e.first.value_or(-1), e.last.value_or(-1), e.single);
  };
  EXPECT_EQ(slice("[2..]"), std::tuple(2, -1, false));
  EXPECT_EQ(slice("[..3]"), std::tuple(-1, 3, false));
  EXPECT_EQ(slice("[0..3]"), std::tuple(0, 3, false));
  EXPECT_EQ(slice("[4]"), std::tuple(4, 5, true));
}

TEST(Parse, Precedence) {
  const auto tree = [](const std::string& text) {
    const Parsed p("let x = " + text);
    EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
    std::string result;
    const auto walk = [&](const auto& self, const Expr& e) -> void {
      if (e.children.empty()) {
        result += e.text;
        return;
      }
      result += "(" + (e.kind == Expr::Kind::conditional ? "if" : e.text);
      for (const Expr& child : e.children) {
        result += " ";
        self(self, child);
      }
      result += ")";
    };
    walk(walk, p.declaration<Let>().value);
    return result;
  };
  EXPECT_EQ(tree("a + b * c - d"), "(- (+ a (* b c)) d)");
  EXPECT_EQ(tree("a / b / c"), "(/ (/ a b) c)");
  EXPECT_EQ(tree("-a ^ b ^ c"), "(- (^ a (^ b c)))");
  EXPECT_EQ(tree("a ^ -b * c"), "(* (^ a (- b)) c)");
  EXPECT_EQ(tree("-a * b"), "(* (- a) b)");
  EXPECT_EQ(tree("not a == b and c or d"), "(or (and (not (== a b)) c) d)");
  EXPECT_EQ(tree("a and not not b"), "(and a (not (not b)))");
  EXPECT_EQ(tree("a if b else c if d else e"), "(if a b (if c d e))");
  EXPECT_EQ(tree("(a if b else c) if d else e"), "(if (if a b c) d e)");
  EXPECT_EQ(tree("a < b or c >= d + 1"), "(or (< a b) (>= c (+ d 1)))");
  EXPECT_EQ(tree("-a.b[0] - - c"), "(- (- ( (b a))) (- c))");
}

TEST(Parse, TheAlgebraOfSkills) {
  const auto tree = [](const std::string& text) {
    const Parsed p("skill x = " + text);
    EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
    std::string result;
    const auto walk = [&](const auto& self, const SkillExpr& e) -> void {
      static constexpr const char* signs[] = {"", "*", "&", "|", "over"};
      if (e.kind == SkillExpr::Kind::reference) {
        result += e.name.text;
        if (e.has_arguments) result += "/" + std::to_string(e.arguments.size());
        return;
      }
      result += std::string("(") + signs[static_cast<int>(e.kind)];
      if (!e.weight.empty()) result += " " + format(e.weight.front());
      for (const SkillExpr& child : e.children) {
        result += " ";
        self(self, child);
      }
      result += ")";
    };
    walk(walk, *p.declaration<Skill>().value);
    return result;
  };
  EXPECT_EQ(tree("a & b & c | d"), "(| (& a b c) d)");
  EXPECT_EQ(tree("2 * a & b"), "(& (* 2 a) b)");
  EXPECT_EQ(tree("2 * w * (a | b)"), "(* 2 * w (| a b))");
  EXPECT_EQ(tree("a over b over c | d"), "(over a (over b (| c d)))");
  EXPECT_EQ(tree("reach(5, 0) & mine.go & f()"), "(& reach/2 mine.go f/0)");
  EXPECT_EQ(tree("w(1) * a"), "(* w(1) a)");
  EXPECT_EQ(tree("(a over b) over c"), "(over (over a b) c)");
}

TEST(Parse, WordsThatAreNamesToo) {
  EXPECT_EQ(expression("end + mean + max + min + success + action + time + rate + at + per"),
            "end + mean + max + min + success + action + time + rate + at + per");
  EXPECT_EQ(expression("start + from + as + torque + steps + motors + point + auto"),
            "start + from + as + torque + steps + motors + point + auto");
  EXPECT_EQ(expression("rate(mean(action)) + max(1, 2)"), "rate(mean(action)) + max(1, 2)");
  EXPECT_EQ(expression("joint(\"model\").pos"), "joint(\"model\").pos");
  EXPECT_EQ(expression("a.end.model.if"), "a.end.model.if");
}

TEST(Parse, QualifiedCalls) {
  const Parsed p("let x = mine.deep.f(1)");
  const Expr& e = p.declaration<Let>().value;
  EXPECT_EQ(e.kind, Expr::Kind::call);
  EXPECT_EQ(e.text, "mine.deep.f");
  EXPECT_EQ(p.sources.text(e.text_span), "mine.deep.f");
}

TEST(Parse, SpansAreBytes) {
  const Parsed p("// \u00e9\u4e2d\nlet x = a.b(\"\u00e9\") + (1)\n");
  ASSERT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  const auto& let = p.declaration<Let>();
  EXPECT_EQ(p.sources.text(let.span), "let x = a.b(\"\u00e9\") + (1)");
  EXPECT_EQ(p.sources.text(let.value.children[0].span), "a.b(\"\u00e9\")");
  EXPECT_EQ(p.sources.text(let.value.children[1].span), "(1)");
  EXPECT_EQ(p.sources.text(let.value.text_span), "+");
  EXPECT_EQ(p.sources.text(p.module.comments[0].span), "// \u00e9\u4e2d");
  EXPECT_EQ(p.module.comments[0].text, " \u00e9\u4e2d");
}

TEST(Parse, ItemSpansBeginAtTheirKeyword) {
  const Parsed p("world w {\n  robot a;\n  end when success\n}\n");
  const auto& items = p.declaration<World>().items;
  EXPECT_EQ(p.sources.text(span_of(items[0])), "robot a");
  EXPECT_EQ(p.sources.text(span_of(items[1])), "end when success");
}

TEST(Parse, ByteOrderMarkAndAnyEndOfLine) {
  const Parsed p("\xef\xbb\xbflet a = 1\r\nlet b = 2\rlet c = 3");
  EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
  EXPECT_EQ(p.module.declarations.size(), 3u);
}

TEST(Parse, EmptyFiles) {
  for (const char* text : {"", "\n\n", "// nothing", "\xef\xbb\xbf", " \t\r"}) {
    const Parsed p(text);
    EXPECT_FALSE(p.diagnostics.has_errors()) << p.rendered();
    EXPECT_TRUE(p.module.declarations.empty());
  }
}

TEST(Parse, ACommaMayStandBeforeAClosingBracket) {
  EXPECT_EQ(expression("f(a, b,)"), "f(a, b)");
  EXPECT_EQ(expression("[1, 2,\n]"), "[1, 2]");
  EXPECT_EQ(expression("last 3 { a, }"), "last 3 { a }");
}

}  // namespace
}  // namespace motet::testing
