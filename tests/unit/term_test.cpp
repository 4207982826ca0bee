#include "compiler/term.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "program_fixture.h"

namespace motet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

class Terms : public testing::Test {
 protected:
  TermId op(Op op, std::vector<TermId> args) { return table.operation(op, std::move(args)); }
  double folded(TermId id) {
    EXPECT_EQ(table[id].kind, Term::Kind::constant);
    return table[id].values.at(0);
  }

  TermTable table;
  TermId x = table.signal(sensor("x"));
  TermId y = table.signal(sensor("y"));
  TermId v = table.signal(sensor("v", 3));
};

TEST_F(Terms, EqualTermsAreOne) {
  EXPECT_EQ(op(Op::add, {x, y}), op(Op::add, {x, y}));
  EXPECT_NE(op(Op::add, {x, y}), op(Op::add, {y, x}));
  EXPECT_EQ(table.signal(sensor("x")), x);
  EXPECT_NE(table.signal(sample("x")), x);
  EXPECT_EQ(table.constant(0.5), table.constant(0.5));
  EXPECT_EQ(table.constant(nan), table.constant(nan));
  EXPECT_NE(table.constant(0.0), table.constant(-0.0));
  EXPECT_NE(table.constant({1, 2}), table.constant({2, 1}));
  EXPECT_EQ(table.previous(x), table.previous(x));
  EXPECT_NE(table.history(x, 2), table.history(x, 3));
}

TEST_F(Terms, DrawsAreNeverShared) {
  const TermId zero = table.constant(0.0), one = table.constant(1.0);
  EXPECT_NE(table.draw(Op::draw_uniform, {zero, one}, 1), table.draw(Op::draw_uniform, {zero, one}, 1));
}

TEST_F(Terms, ACopyOfATableGoesOnByItself) {
  TermTable copy = table;
  const TermId sum = copy.operation(Op::add, {x, y});
  EXPECT_EQ(copy.operation(Op::add, {x, y}), sum);
  EXPECT_EQ(table.size() + 1, copy.size());
}

TEST_F(Terms, ReferencesStayValid) {
  const Term& first = table[x];
  for (int i = 0; i < 10'000; ++i) table.constant(i);
  EXPECT_EQ(first.signal.name, "x");
}

TEST_F(Terms, Lengths) {
  EXPECT_EQ(table[op(Op::mul, {x, v})].length, 3u);
  EXPECT_EQ(table[op(Op::select, {x, v, y})].length, 3u);
  EXPECT_EQ(table[op(Op::norm, {v})].length, 1u);
  EXPECT_EQ(table[op(Op::dot, {v, v})].length, 1u);
  EXPECT_EQ(table[table.concat({x, v, y})].length, 5u);
  EXPECT_EQ(table[table.slice(v, 1, 2)].length, 2u);
  EXPECT_EQ(table[table.history(v, 4)].length, 12u);
}

TEST_F(Terms, ComparisonsAndLogicAreTruth) {
  EXPECT_TRUE(table[op(Op::lt, {x, y})].boolean);
  EXPECT_TRUE(table[op(Op::logical_not, {x})].boolean);
  EXPECT_FALSE(table[op(Op::add, {x, y})].boolean);
  const TermId less = op(Op::lt, {x, y}), equal = op(Op::eq, {x, y});
  EXPECT_TRUE(table[op(Op::select, {less, less, equal})].boolean);
  EXPECT_FALSE(table[op(Op::select, {less, less, x})].boolean);
  EXPECT_TRUE(table[table.previous(less)].boolean);
  EXPECT_TRUE(table[op(Op::lt, {table.constant(1.0), table.constant(2.0)})].boolean);
}

TEST_F(Terms, ConstantsAreFolded) {
  const TermId two = table.constant(2.0), three = table.constant(3.0), zero = table.constant(0.0);
  EXPECT_EQ(folded(op(Op::pow, {two, three})), 8);
  EXPECT_EQ(folded(op(Op::div, {two, zero})), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(folded(op(Op::div, {zero, zero}))));
  EXPECT_TRUE(std::isnan(folded(op(Op::sqrt, {table.constant(-1.0)}))));
  EXPECT_EQ(folded(op(Op::sum, {table.constant({1, 2, 4})})), 7);
  EXPECT_THAT(table[op(Op::mul, {two, table.constant({1, 2})})].values, ElementsAre(2, 4));
  EXPECT_THAT(table[table.concat({two, table.constant({4, 5})})].values, ElementsAre(2, 4, 5));
  EXPECT_THAT(table[table.slice(table.constant({1, 2, 3, 4}), 1, 2)].values, ElementsAre(2, 3));
  EXPECT_EQ(table.previous(two), two);
  EXPECT_THAT(table[table.history(two, 3)].values, ElementsAre(2, 2, 2));
}

TEST_F(Terms, WhatChangesNothingIsLeftOut) {
  const TermId one = table.constant(1.0), zero = table.constant(0.0);
  EXPECT_EQ(op(Op::mul, {x, one}), x);
  EXPECT_EQ(op(Op::mul, {one, v}), v);
  EXPECT_EQ(op(Op::div, {v, one}), v);
  EXPECT_EQ(op(Op::sub, {x, zero}), x);
  EXPECT_EQ(op(Op::neg, {op(Op::neg, {v})}), v);
  EXPECT_EQ(op(Op::sum, {x}), x);
  EXPECT_EQ(op(Op::select, {one, x, y}), x);
  EXPECT_EQ(op(Op::select, {zero, x, y}), y);
  EXPECT_EQ(op(Op::select, {x, v, v}), v);
  EXPECT_EQ(op(Op::pow, {v, table.constant(2.0)}), op(Op::mul, {v, v}));
  EXPECT_EQ(table.previous(table.signal(sample("goal"))), table.signal(sample("goal")));
  EXPECT_EQ(table.history(x, 1), x);
}

TEST_F(Terms, WhatWouldChangeSomethingIsNot) {
  const TermId zero = table.constant(0.0);
  EXPECT_NE(op(Op::add, {x, zero}), x);                                  // -0 + 0 is 0
  EXPECT_EQ(table[op(Op::mul, {x, zero})].kind, Term::Kind::operation);  // infinity * 0 is NaN
  EXPECT_EQ(table[op(Op::sub, {x, x})].kind, Term::Kind::operation);
  EXPECT_EQ(table[op(Op::mul, {x, table.constant({1, 1})})].length, 2u);  // broadcasts
  EXPECT_EQ(table[op(Op::select, {table.constant(1.0), x, v})].length, 3u);
}

TEST_F(Terms, PartsOfPartsAreOnePart) {
  const TermId w = table.signal(sensor("w", 10));
  EXPECT_EQ(table.slice(w, 0, 10), w);
  EXPECT_EQ(table.slice(table.slice(w, 2, 6), 1, 3), table.slice(w, 3, 3));
  const TermId all = table.concat({x, v, y});
  EXPECT_EQ(table.slice(all, 1, 3), v);
  EXPECT_EQ(table.slice(all, 2, 2), table.slice(v, 1, 2));
  EXPECT_EQ(table.slice(all, 4, 1), y);
  EXPECT_EQ(table[table.slice(all, 0, 2)].kind, Term::Kind::slice);
  EXPECT_EQ(table.concat({v}), v);
  EXPECT_EQ(table.concat({table.slice(w, 0, 1), table.slice(w, 1, 4), table.slice(w, 5, 5)}), w);
  EXPECT_EQ(table.concat({table.slice(w, 2, 1), table.slice(w, 3, 1)}), table.slice(w, 2, 2));
}

// --- text -------------------------------------------------------------------------------------

TEST_F(Terms, TextIsInfix) {
  const auto text = [&](TermId id) { return to_text(table, id); };
  const TermId sum = op(Op::add, {x, y}), product = op(Op::mul, {x, y});
  EXPECT_EQ(text(op(Op::mul, {sum, y})), "(sensor(x) + sensor(y)) * sensor(y)");
  EXPECT_EQ(text(op(Op::add, {product, y})), "sensor(x) * sensor(y) + sensor(y)");
  EXPECT_EQ(text(op(Op::sub, {x, sum})), "sensor(x) - (sensor(x) + sensor(y))");
  EXPECT_EQ(text(op(Op::sub, {sum, x})), "sensor(x) + sensor(y) - sensor(x)");
  EXPECT_EQ(text(op(Op::pow, {x, op(Op::pow, {y, x})})), "sensor(x) ^ sensor(y) ^ sensor(x)");
  EXPECT_EQ(text(op(Op::pow, {op(Op::pow, {x, y}), x})), "(sensor(x) ^ sensor(y)) ^ sensor(x)");
  EXPECT_EQ(text(op(Op::neg, {product})), "-(sensor(x) * sensor(y))");
  EXPECT_EQ(text(op(Op::mul, {table.constant(-2.0), x})), "-2 * sensor(x)");
  EXPECT_EQ(text(op(Op::pow, {table.constant(-2.0), x})), "(-2) ^ sensor(x)");
  EXPECT_EQ(text(op(Op::atan2, {x, y})), "atan2(sensor(x), sensor(y))");
  EXPECT_EQ(text(op(Op::wrap, {x})), "angle(sensor(x))");
  EXPECT_EQ(text(op(Op::max_of, {v})), "max(sensor(v))");
}

TEST_F(Terms, TextOfLogicAndTime) {
  const auto text = [&](TermId id) { return to_text(table, id); };
  const TermId less = op(Op::lt, {x, y}), equal = op(Op::eq, {x, y});
  EXPECT_EQ(text(op(Op::logical_and, {op(Op::logical_or, {less, equal}), less})),
            "(sensor(x) < sensor(y) or sensor(x) == sensor(y)) and sensor(x) < sensor(y)");
  EXPECT_EQ(text(op(Op::logical_not, {less})), "not sensor(x) < sensor(y)");
  EXPECT_EQ(text(op(Op::select, {less, x, op(Op::select, {equal, x, y})})),
            "sensor(x) if sensor(x) < sensor(y) else sensor(x) if sensor(x) == sensor(y) else sensor(y)");
  EXPECT_EQ(text(table.previous(x)), "previous(sensor(x))");
  EXPECT_EQ(text(table.history(x, 6)), "last 6 { sensor(x) }");
  EXPECT_EQ(text(table.slice(v, 1, 1)), "sensor(v)[1]");
  EXPECT_EQ(text(table.slice(v, 0, 2)), "sensor(v)[0..2]");
  EXPECT_EQ(text(table.slice(op(Op::mul, {x, v}), 0, 2)), "(sensor(x) * sensor(v))[0..2]");
  EXPECT_EQ(text(table.concat({x, y})), "(sensor(x), sensor(y))");
  EXPECT_EQ(text(table.constant({1, -2.5})), "(1, -2.5)");
  EXPECT_EQ(text(table.draw(Op::draw_normal, {x, y}, 1)), "normal(sensor(x), sensor(y))");
}

TEST_F(Terms, TextOfSignals) {
  const auto text = [&](SignalRef signal) { return to_text(table, table.signal(std::move(signal))); };
  EXPECT_EQ(text({SignalKind::qpos, "", "", 3}), "qpos");
  EXPECT_EQ(text({SignalKind::body_pos, "torso", "", 3}), "body(torso).pos");
  EXPECT_EQ(text({SignalKind::contact, "foot", "floor", 1}), "contact(foot, floor)");
  EXPECT_EQ(text({SignalKind::com_vel, "", "", 3}), "com.vel");
  EXPECT_EQ(text(sample("goal", 2)), "goal");
}

// Written out, this would be 2^100 terms.
TEST_F(Terms, TextIsCut) {
  TermId id = x;
  for (int i = 0; i < 100; ++i) id = op(Op::add, {id, id});
  EXPECT_LT(to_text(table, id).size(), 11'000u);
  EXPECT_THAT(to_text(table, id), HasSubstr(" ..."));
}

TEST_F(Terms, DeepTermsTakeNoDeepRecursion) {
  TermId id = x;
  for (int i = 0; i < 300'000; ++i) id = op(i % 2 ? Op::sin : Op::cos, {id});
  EXPECT_THAT(to_text(table, id), HasSubstr(" ..."));
  const InstructionProgram program = lower(table, {{"result", id}});
  EXPECT_EQ(program.code.size(), 300'000u);
  Evaluator evaluator(program);
  evaluator.evaluate(NamedValues(program, {{"x", {0.3}}}));
  EXPECT_NEAR(value_of(evaluator, program, "result")[0], 0.695, 0.01);
}

}  // namespace
}  // namespace motet
