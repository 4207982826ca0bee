#include "runtime/instructions/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>

#include "program_fixture.h"

namespace motet {
namespace {

using testing::ElementsAre;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double turn = 6.283185307179586;

// Equal bit for bit, or both NaN.
bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// result[n] = op a b c, each of n numbers or one.
std::vector<double> run(Op op, std::vector<std::vector<double>> operands, std::uint32_t n,
                        std::uint32_t results) {
  InstructionProgram program;
  Instruction code{.op = op, .n = n, .dst = 0};
  program.registers = results;
  Operand* const slots[] = {&code.a, &code.b, &code.c};
  std::map<std::string, std::vector<double>> values;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const std::uint32_t length = static_cast<std::uint32_t>(operands[i].size());
    const std::string name(1, static_cast<char>('a' + i));
    program.loads.push_back({sensor(name, length), program.registers});
    *slots[i] = {program.registers, length == 1 ? 0u : 1u};
    program.registers += length;
    values[name] = operands[i];
  }
  program.code = {code};
  program.outputs = {{"result", 0, results}};
  EXPECT_TRUE(validate(program));
  Evaluator evaluator(program);
  evaluator.evaluate(NamedValues(program, values));
  return value_of(evaluator, program, "result");
}

const std::vector<double> numbers = {0,    -0.0, 1,    -1,  0.5,  -2.5,  3,   1e-9, 1e9,
                                     -1e9, 710,  -710, 3.1, -3.1, 1e308, inf, -inf, nan};

struct Unary {
  Op op;
  std::function<double(double)> answer;
};

TEST(Evaluator, OperationsOnOneNumber) {
  const Unary all[] = {
      {Op::copy, [](double a) { return a; }},
      {Op::neg, [](double a) { return -a; }},
      {Op::logical_not, [](double a) { return a == 0.0 ? 1.0 : 0.0; }},
      {Op::abs, [](double a) { return std::abs(a); }},
      {Op::sign, [](double a) { return a == 0 || std::isnan(a) ? a : std::copysign(1.0, a); }},
      {Op::sqrt, [](double a) { return std::sqrt(a); }},
      {Op::exp, [](double a) { return std::exp(a); }},
      {Op::log, [](double a) { return std::log(a); }},
      {Op::sin, [](double a) { return std::sin(a); }},
      {Op::cos, [](double a) { return std::cos(a); }},
      {Op::tan, [](double a) { return std::tan(a); }},
      {Op::tanh, [](double a) { return std::tanh(a); }},
      {Op::floor, [](double a) { return std::floor(a); }},
  };
  for (const Unary& each : all) {
    const std::vector<double> together = run(each.op, {numbers}, static_cast<std::uint32_t>(numbers.size()),
                                             static_cast<std::uint32_t>(numbers.size()));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const double expected = each.answer(numbers[i]);
      EXPECT_TRUE(same(together[i], expected))
          << op_name(each.op) << " " << numbers[i] << " gave " << together[i];
      const double alone = run(each.op, {{numbers[i]}}, 1, 1)[0];
      EXPECT_TRUE(same(alone, expected)) << op_name(each.op) << " " << numbers[i] << " gave " << alone;
    }
  }
}

TEST(Evaluator, AnglesAreWrapped) {
  const double half = turn / 2;
  const auto wrap = [](double a) { return run(Op::wrap, {{a}}, 1, 1)[0]; };
  EXPECT_EQ(wrap(0), 0);
  EXPECT_EQ(wrap(half), half);
  EXPECT_EQ(wrap(-half), half);
  EXPECT_EQ(wrap(3 * half), half);
  EXPECT_NEAR(wrap(half + 0.25), -half + 0.25, 1e-12);
  EXPECT_NEAR(wrap(-half - 0.25), half - 0.25, 1e-12);
  EXPECT_NEAR(wrap(1 + 1000 * turn), 1, 1e-9);
  EXPECT_TRUE(std::isnan(wrap(inf)));
  for (int i = -1000; i < 1000; ++i) {
    const double a = 0.0371 * i, wrapped = wrap(a);
    EXPECT_GT(wrapped, -half);
    EXPECT_LE(wrapped, half);
    EXPECT_NEAR(std::sin(wrapped), std::sin(a), 1e-12);
    EXPECT_NEAR(std::cos(wrapped), std::cos(a), 1e-12);
  }
}

struct Binary {
  Op op;
  std::function<double(double, double)> answer;
};

const std::vector<Binary>& binaries() {
  const auto no_number = [](double a, double b) { return std::isnan(a) || std::isnan(b); };
  static const std::vector<Binary> all = {
      {Op::add, [](double a, double b) { return a + b; }},
      {Op::sub, [](double a, double b) { return a - b; }},
      {Op::mul, [](double a, double b) { return a * b; }},
      {Op::div, [](double a, double b) { return a / b; }},
      {Op::pow, [](double a, double b) { return std::pow(a, b); }},
      {Op::atan2, [](double a, double b) { return std::atan2(a, b); }},
      {Op::min, [=](double a, double b) { return no_number(a, b) ? nan
                                                 : a < b         ? a
                                                                 : b; }},
      {Op::max, [=](double a, double b) { return no_number(a, b) ? nan
                                                 : a > b         ? a
                                                                 : b; }},
      {Op::lt, [](double a, double b) { return std::isless(a, b) ? 1.0 : 0.0; }},
      {Op::le, [](double a, double b) { return std::islessequal(a, b) ? 1.0 : 0.0; }},
      {Op::gt, [](double a, double b) { return std::isgreater(a, b) ? 1.0 : 0.0; }},
      {Op::ge, [](double a, double b) { return std::isgreaterequal(a, b) ? 1.0 : 0.0; }},
      {Op::eq, [](double a, double b) { return a == b ? 1.0 : 0.0; }},
      {Op::ne, [](double a, double b) { return a == b ? 0.0 : 1.0; }},
      {Op::logical_and, [](double a, double b) { return a == 0.0 || b == 0.0 ? 0.0 : 1.0; }},
      {Op::logical_or, [](double a, double b) { return a == 0.0 && b == 0.0 ? 0.0 : 1.0; }},
  };
  return all;
}

// Every pair, with both operands stepping, with either one staying, and alone.
TEST(Evaluator, OperationsOnTwoNumbers) {
  const std::uint32_t n = static_cast<std::uint32_t>(numbers.size());
  for (const Binary& each : binaries()) {
    for (const double b : numbers) {
      const std::vector<double> stay = run(each.op, {numbers, {b}}, n, n);
      const std::vector<double> swapped = run(each.op, {{b}, numbers}, n, n);
      const std::vector<double> step = run(each.op, {numbers, std::vector<double>(n, b)}, n, n);
      for (std::size_t i = 0; i < n; ++i) {
        const double a = numbers[i], expected = each.answer(a, b);
        EXPECT_TRUE(same(stay[i], expected)) << a << " " << op_name(each.op) << " " << b << ": " << stay[i];
        EXPECT_TRUE(same(step[i], expected)) << a << " " << op_name(each.op) << " " << b << ": " << step[i];
        EXPECT_TRUE(same(swapped[i], each.answer(b, a)));
        EXPECT_TRUE(same(run(each.op, {{a}, {b}}, 1, 1)[0], expected));
      }
    }
  }
}

TEST(Evaluator, Select) {
  EXPECT_THAT(run(Op::select, {{0, 1, -0.0, -3}, {1, 2, 3, 4}, {5, 6, 7, 8}}, 4, 4), ElementsAre(5, 2, 7, 4));
  EXPECT_THAT(run(Op::select, {{nan}, {1}, {2}}, 1, 1), ElementsAre(1));  // anything but 0 is true
  EXPECT_THAT(run(Op::select, {{0}, {1, 2}, {3}}, 2, 2), ElementsAre(3, 3));
  EXPECT_THAT(run(Op::select, {{0}, {nan}, {3}}, 1, 1), ElementsAre(3));
}

TEST(Evaluator, Reductions) {
  const std::vector<double> v = {3, -4, 12, 0.5};
  EXPECT_THAT(run(Op::sum, {v}, 4, 1), ElementsAre(11.5));
  EXPECT_THAT(run(Op::mean, {v}, 4, 1), ElementsAre(11.5 / 4));
  EXPECT_THAT(run(Op::min_of, {v}, 4, 1), ElementsAre(-4));
  EXPECT_THAT(run(Op::max_of, {v}, 4, 1), ElementsAre(12));
  EXPECT_THAT(run(Op::norm, {{3, -4, 12}}, 3, 1), ElementsAre(13));
  EXPECT_THAT(run(Op::dot, {v, {2, 1, 0.5, 4}}, 4, 1), ElementsAre(10));
  EXPECT_THAT(run(Op::dot, {v, {2}}, 4, 1), ElementsAre(23));
  EXPECT_THAT(run(Op::sum, {{5}}, 1, 1), ElementsAre(5));
  EXPECT_THAT(run(Op::norm, {{-5}}, 1, 1), ElementsAre(5));
  for (const Op op : {Op::sum, Op::mean, Op::min_of, Op::max_of, Op::norm}) {
    EXPECT_TRUE(std::isnan(run(op, {{1, nan, 2}}, 3, 1)[0])) << op_name(op);
    EXPECT_TRUE(std::isnan(run(op, {{nan, 1, 2}}, 3, 1)[0])) << op_name(op);
  }
}

TEST(Evaluator, AnElementMayBeWrittenWhereItWasRead) {
  InstructionProgram program;
  program.registers = 3;
  program.loads = {{sensor("a", 3), 0}};
  program.code = {{.op = Op::mul, .n = 3, .dst = 0, .a = {0, 1}, .b = {0, 1}}};
  program.outputs = {{"result", 0, 3}};
  ASSERT_TRUE(validate(program));
  Evaluator evaluator(program);
  evaluator.evaluate(NamedValues(program, {{"a", {1, 2, 3}}}));
  EXPECT_THAT(value_of(evaluator, program, "result"), ElementsAre(1, 4, 9));
}

// --- draws ------------------------------------------------------------------------------------

// count draws of a program `result[n] = op a c`.
std::vector<std::vector<double>> draws(const Instruction& code, std::vector<Constant> constants,
                                       std::uint32_t registers, int count) {
  InstructionProgram program;
  program.registers = registers;
  program.constants = std::move(constants);
  program.code = {code};
  program.outputs = {{"result", code.dst, code.n}};
  EXPECT_TRUE(validate(program));
  Evaluator evaluator(program);
  Random random(1);
  std::vector<std::vector<double>> all;
  for (int i = 0; i < count; ++i) {
    evaluator.evaluate(NamedValues(program, {}), &random);
    all.push_back(value_of(evaluator, program, "result"));
  }
  return all;
}

TEST(Evaluator, DrawsAreTheGeneratorsOwn) {
  const auto uniform = draws({.op = Op::draw_uniform, .n = 2, .dst = 3, .a = {0, 0}, .b = {1, 1}},
                             {{0, -1}, {1, 2}, {2, 5}}, 5, 10);
  Random random(1);
  for (const auto& each : uniform) {
    EXPECT_EQ(each[0], random.uniform(-1, 2));
    EXPECT_EQ(each[1], random.uniform(-1, 5));
  }
  const auto normal =
      draws({.op = Op::draw_normal, .n = 1, .dst = 2, .a = {0, 0}, .b = {1, 0}}, {{0, 10}, {1, 0.5}}, 3, 10);
  Random again(1);
  for (const auto& each : normal) EXPECT_EQ(each[0], 10 + 0.5 * again.normal());
}

TEST(Evaluator, AChoiceIsOneOfItsOptionsEachAsOften) {
  const auto all = draws({.op = Op::draw_choice, .n = 2, .dst = 7, .a = {0, 1}, .c = {6, 0}},
                         {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 3}}, 9, 30'000);
  std::map<double, int> count;
  for (const auto& each : all) {
    EXPECT_EQ(each[1], each[0] + 1);
    ++count[each[0]];
  }
  ASSERT_EQ(count.size(), 3u);
  for (const auto& [option, n] : count) EXPECT_NEAR(n, 10'000, 4 * std::sqrt(30'000 * 2.0 / 9)) << option;
}

// A file that registers are restored from is not trusted with the number of options.
TEST(Evaluator, AChoiceStaysWithinItsRegisters) {
  InstructionProgram program;
  program.registers = 4;
  program.constants = {{0, 1}, {1, 2}, {2, 2}};
  program.code = {{.op = Op::draw_choice, .n = 1, .dst = 3, .a = {0, 1}, .c = {2, 0}}};
  program.outputs = {{"result", 3, 1}};
  ASSERT_TRUE(validate(program));
  Evaluator evaluator(program);
  Random random(1);
  for (const double count : {1e300, inf, nan, -1.0, 0.0}) {
    evaluator.registers()[2] = count;
    for (int i = 0; i < 100; ++i) evaluator.evaluate(NamedValues(program, {}), &random);
  }
}

// --- states -----------------------------------------------------------------------------------

// result = (x, previous(x), previous(previous(x)))
InstructionProgram carrying() {
  InstructionProgram program;
  program.registers = 6;
  program.loads = {{sensor("x"), 0}};
  program.code = {{.op = Op::copy, .dst = 3, .a = {0, 0}},
                  {.op = Op::copy, .dst = 4, .a = {1, 0}},
                  {.op = Op::copy, .dst = 5, .a = {2, 0}}};
  program.carries = {{1, 2, 1}, {0, 1, 1}};
  program.reset_passes = 3;
  program.outputs = {{"result", 3, 3}};
  return program;
}

TEST(Evaluator, CarriesHoldTheStepBefore) {
  const InstructionProgram program = carrying();
  ASSERT_TRUE(validate(program));
  Evaluator evaluator(program);
  NamedValues values(program, {{"x", {1}}});
  evaluator.reset(values);
  EXPECT_THAT(value_of(evaluator, program, "result"), ElementsAre(1, 1, 1));
  values["x"] = {2};
  evaluator.evaluate(values);
  EXPECT_THAT(value_of(evaluator, program, "result"), ElementsAre(2, 1, 1));
  values["x"] = {3};
  evaluator.evaluate(values);
  EXPECT_THAT(value_of(evaluator, program, "result"), ElementsAre(3, 2, 1));
  values["x"] = {4};
  evaluator.reset(values);
  EXPECT_THAT(value_of(evaluator, program, "result"), ElementsAre(4, 4, 4));
}

TEST(Evaluator, HistoriesShift) {
  InstructionProgram program;
  program.registers = 8;
  program.loads = {{sensor("x", 2), 0}};
  program.histories = {{0, 2, 2, 3}};
  program.outputs = {{"result", 2, 6}};
  ASSERT_TRUE(validate(program));
  Evaluator evaluator(program);
  NamedValues values(program, {{"x", {1, 10}}});
  evaluator.reset(values);
  EXPECT_THAT(value_of(evaluator, program, "result"), ElementsAre(1, 10, 1, 10, 1, 10));
  values["x"] = {2, 20};
  evaluator.evaluate(values);
  values["x"] = {3, 30};
  evaluator.evaluate(values);
  EXPECT_THAT(value_of(evaluator, program, "result"), ElementsAre(1, 10, 2, 20, 3, 30));
}

TEST(Evaluator, RegistersAreAllItRemembers) {
  const InstructionProgram program = carrying();
  Evaluator one(program), two(program);
  NamedValues values(program, {{"x", {1}}});
  one.reset(values);
  values["x"] = {2};
  one.evaluate(values);
  std::copy(one.registers().begin(), one.registers().end(), two.registers().begin());
  values["x"] = {3};
  one.evaluate(values);
  two.evaluate(values);
  EXPECT_EQ(value_of(two, program, "result"), value_of(one, program, "result"));
}

}  // namespace
}  // namespace motet
