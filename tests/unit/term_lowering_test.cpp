// Lowering against a plain interpreter of terms: same values, at every step of an episode.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "compiler/term.h"
#include "program_fixture.h"
#include "term_interpreter.h"

namespace motet {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void expect_agreement(const TermTable& table, const std::vector<NamedTerm>& outputs, const Episode& episode) {
  const InstructionProgram program = lower(table, outputs);
  const Status valid = validate(program);
  ASSERT_TRUE(valid) << valid.error().message << "\n" << to_text(program);
  const Result<InstructionProgram> again = parse_program(to_text(program));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(to_text(*again), to_text(program));

  Interpreter interpreter(table, episode);
  Evaluator evaluator(program);
  for (std::size_t step = 0; step < episode.size(); ++step) {
    const NamedValues values(program, episode[step]);
    step == 0 ? evaluator.reset(values) : evaluator.evaluate(values);
    for (const NamedTerm& output : outputs) {
      const Vector expected = interpreter.value(output.term, step);
      const Vector value = value_of(evaluator, program, output.name);
      ASSERT_EQ(value.size(), expected.size());
      for (std::size_t i = 0; i < value.size(); ++i) {
        ASSERT_TRUE(same(value[i], expected[i]))
            << "step " << step << ", element " << i << " of " << to_text(table, output.term) << ": "
            << value[i] << ", not " << expected[i] << "\n"
            << to_text(program);
      }
    }
  }
}

// --- random terms -----------------------------------------------------------------------------

class RandomTerms {
 public:
  explicit RandomTerms(std::uint64_t seed) : random_(seed) {
    for (const std::uint32_t length : {1u, 1u, 3u, 4u}) {
      pool_.push_back(table.signal(sensor("s" + std::to_string(pool_.size()), length)));
    }
    pool_.push_back(table.constant({0.5, -1, 2}));
    for (int i = 0; i < 60; ++i) pool_.push_back(next());
  }

  std::vector<NamedTerm> outputs() {
    std::vector<NamedTerm> all;
    for (int i = 0; i < 6; ++i) all.push_back({"output " + std::to_string(i), any()});
    return all;
  }

  Episode episode() {
    Episode steps;
    for (int step = 0; step < 8; ++step) {
      steps.push_back({{"s0", numbers(1)}, {"s1", numbers(1)}, {"s2", numbers(3)}, {"s3", numbers(4)}});
    }
    return steps;
  }

  TermTable table;

 private:
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(random_.below(n)); }

  Vector numbers(std::size_t n) {
    constexpr double special[] = {0.0, -0.0, 1, -1, 1e300, -1e-300, std::numeric_limits<double>::infinity()};
    Vector all(n);
    for (double& each : all)
      each = below(4) == 0 ? special[below(std::size(special))] : random_.uniform(-3, 3);
    return all;
  }

  TermId any() { return pool_[below(pool_.size())]; }

  // A term that goes with this one: of its length, or a single number.
  TermId partner(TermId of) {
    for (int i = 0; i < 20; ++i) {
      const TermId id = any();
      if (table[id].length == table[of].length || table[id].length == 1) return id;
    }
    return of;
  }

  TermId next() {
    constexpr Op unary[] = {Op::neg, Op::abs, Op::sqrt, Op::sin, Op::tanh, Op::floor, Op::logical_not};
    constexpr Op binary[] = {Op::add, Op::sub, Op::mul, Op::div, Op::pow,        Op::atan2,
                             Op::min, Op::max, Op::lt,  Op::ge,  Op::logical_and};
    constexpr Op reducing[] = {Op::sum, Op::mean, Op::min_of, Op::max_of, Op::norm};
    const TermId a = any();
    switch (below(10)) {
      case 0:
        return table.operation(unary[below(std::size(unary))], {a});
      case 1:
        return table.operation(reducing[below(std::size(reducing))], {a});
      case 2:
        return table.operation(Op::dot, {a, partner(a)});
      case 3:
        return select(a);
      case 4:
        return table[a].length < 20 ? table.concat({a, any(), any()}) : a;
      case 5: {
        const std::uint32_t offset = below(table[a].length);
        return table.slice(a, offset, 1 + below(table[a].length - offset));
      }
      case 6:
        return table.previous(a);
      case 7:
        return table[a].length < 20 ? table.history(a, 1 + below(4)) : a;
      default:
        return table.operation(binary[below(std::size(binary))], {a, partner(a)});
    }
  }

  TermId select(TermId a) {
    const TermId b = partner(a);
    for (int i = 0; i < 20; ++i) {
      const TermId c = partner(a);
      if (table[c].length == 1 || table[b].length == 1 || table[c].length == table[b].length) {
        return table.operation(Op::select, {a, b, c});
      }
    }
    return a;
  }

  Random random_;
  std::vector<TermId> pool_;
};

TEST(Lowering, AgreesWithTheDefinitionOfTerms) {
  for (std::uint64_t seed = 0; seed < 1000 && !testing::Test::HasFailure(); ++seed) {
    RandomTerms terms(seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    expect_agreement(terms.table, terms.outputs(), terms.episode());
  }
}

// --- what the program looks like --------------------------------------------------------------

TEST(Lowering, DeadTermsAreLeftOutAndEqualOnesComputedOnce) {
  TermTable table;
  const TermId x = table.signal(sensor("x")), unused = table.signal(sensor("unused"));
  table.operation(Op::exp, {unused});
  const TermId sine = table.operation(Op::sin, {x});
  const TermId twice = table.operation(Op::add, {sine, table.operation(Op::sin, {x})});
  const InstructionProgram program = lower(table, {{"a", twice}, {"b", twice}, {"c", sine}});
  EXPECT_THAT(program.loads, SizeIs(1));
  EXPECT_THAT(program.code, SizeIs(2));
  EXPECT_EQ(program.outputs[0].reg, program.outputs[1].reg);
}

TEST(Lowering, PartsOfAVectorAreComputedWhereTheyBelong) {
  TermTable table;
  const TermId q = table.signal(sensor("q", 9)), v = table.signal(sensor("v", 9));
  const TermId sine = table.operation(Op::sin, {q});
  const TermId inner = table.concat({v, sine});
  const TermId all = table.concat({inner, table.slice(q, 1, 8), sine, table.constant(1.0)});
  const InstructionProgram program = lower(table, {{"observation", all}});
  // The sine, a copy of a part of q, and a second copy of the sine.
  EXPECT_THAT(program.code, SizeIs(3));
  EXPECT_EQ(program.registers, 9u + 9 + 8 + 9 + 1 + 9);
}

TEST(Lowering, AnOutputOfAPreviousValueIsNotTheNextOne) {
  TermTable table;
  const TermId x = table.signal(sensor("x", 2));
  const TermId before = table.previous(x);
  const std::vector<NamedTerm> outputs = {{"before", before}, {"part", table.slice(before, 1, 1)}};
  expect_agreement(table, outputs, {{{"x", {1, 2}}}, {{"x", {3, 4}}}, {{"x", {5, 6}}}});
}

TEST(Lowering, PassesOfAReset) {
  TermTable table;
  const TermId x = table.signal(sensor("x"));
  const TermId rate = table.operation(Op::sub, {x, table.previous(x)});
  EXPECT_EQ(lower(table, {{"x", x}}).reset_passes, 1u);
  EXPECT_EQ(lower(table, {{"rate", rate}}).reset_passes, 2u);
  const TermId recent = table.history(rate, 3);
  EXPECT_EQ(lower(table, {{"recent", recent}}).reset_passes, 3u);
  expect_agreement(table, {{"recent", recent}}, {{{"x", {5}}}, {{"x", {6}}}, {{"x", {8}}}, {{"x", {11}}}});
}

TEST(Lowering, Draws) {
  TermTable table;
  const TermId low = table.constant({-0.5, -0.25}), high = table.constant(0.5);
  const TermId uniform = table.draw(Op::draw_uniform, {low, high}, 2);
  const TermId normal = table.draw(Op::draw_normal, {table.constant(0.0), high}, 3);
  const TermId apart = table.draw(Op::draw_choice, {uniform, low}, 2);
  const TermId together = table.draw(Op::draw_choice, {table.constant({1, 2, 3, 4})}, 2);
  const InstructionProgram program =
      lower(table, {{"uniform", uniform}, {"normal", normal}, {"apart", apart}, {"together", together}});
  ASSERT_TRUE(validate(program));
  Evaluator evaluator(program);
  Random random(1), expected(1);
  for (int i = 0; i < 20; ++i) {
    evaluator.evaluate(NamedValues(program, {}), &random);
    const double first = expected.uniform(-0.5, 0.5), second = expected.uniform(-0.25, 0.5);
    EXPECT_THAT(value_of(evaluator, program, "uniform"), ElementsAre(first, second));
    for (const double each : value_of(evaluator, program, "normal")) EXPECT_EQ(each, 0.5 * expected.normal());
    const Vector options[] = {{first, second}, {-0.5, -0.25}};
    EXPECT_EQ(value_of(evaluator, program, "apart"), options[expected.below(2)]);
    const Vector halves[] = {{1, 2}, {3, 4}};
    EXPECT_EQ(value_of(evaluator, program, "together"), halves[expected.below(2)]);
  }
}

// What the compiler folds is what the program would have computed.
TEST(Lowering, ConstantsAreFoldedToTheValuesOfTheRun) {
  const std::vector<double> numbers = {
      0.0, -0.0, 1, -1, 0.3, 2, 1e300, -1e300, std::nan(""), std::numeric_limits<double>::infinity()};
  for (int index = 0; index <= static_cast<int>(Op::dot); ++index) {
    const Op op = static_cast<Op>(index);
    const bool unary = op <= Op::wrap || (op >= Op::sum && op <= Op::norm);
    for (const double a : numbers) {
      for (const double b : numbers) {
        TermTable table;
        const auto apply = [&](TermId x, TermId y) {
          if (op == Op::select) return table.operation(op, {x, y, x});
          return unary ? table.operation(op, {x}) : table.operation(op, {x, y});
        };
        const TermId constant = apply(table.constant({a, b}), table.constant({b, a}));
        const TermId computed = apply(table.signal(sensor("x", 2)), table.signal(sensor("y", 2)));
        ASSERT_EQ(table[constant].kind, Term::Kind::constant);
        const InstructionProgram program = lower(table, {{"value", computed}});
        Evaluator evaluator(program);
        evaluator.evaluate(NamedValues(program, {{"x", {a, b}}, {"y", {b, a}}}));
        const Vector value = value_of(evaluator, program, "value");
        for (std::size_t i = 0; i < value.size(); ++i) {
          EXPECT_TRUE(same(value[i], table[constant].values[i]))
              << op_name(op) << " " << a << " " << b << ": " << value[i] << ", not "
              << table[constant].values[i];
        }
      }
    }
  }
}

}  // namespace
}  // namespace motet
