#pragma once

// What the operations mean, number by number. The compiler folds constants and the evaluator runs
// instructions with the same functions, so that both come to the same value. Nothing traps: a
// division by zero gives an infinity, the root of a negative number a NaN, and a NaN stays one.

#include <cmath>
#include <cstdint>

#include "compiler/plan/program.h"

namespace motet {

inline constexpr double pi = 3.14159265358979323846;

enum class OpShape : std::uint8_t {
  elementwise,  // d[i] from a[i], b[i], c[i]
  reduction,    // d[0] from a[0..n) and, for dot, b[0..n)
  draw,         // from a generator
};

constexpr OpShape op_shape(Op op) {
  if (op >= Op::draw_uniform) return OpShape::draw;
  return op >= Op::sum ? OpShape::reduction : OpShape::elementwise;
}

// How many of the operands a, b, c an operation takes. draw_choice takes a and c.
constexpr int operand_count(Op op) {
  if (op == Op::select || op == Op::draw_choice) return 3;
  if (op <= Op::wrap || (op >= Op::sum && op <= Op::norm)) return 1;
  return 2;
}
constexpr bool takes_a(Op) {
  return true;
}
constexpr bool takes_b(Op op) {
  return operand_count(op) >= 2 && op != Op::draw_choice;
}
constexpr bool takes_c(Op op) {
  return operand_count(op) == 3;
}

// Comparisons and logic, whose result is 0 or 1.
constexpr bool gives_truth(Op op) {
  return op == Op::logical_not || (op >= Op::lt && op <= Op::logical_or);
}

// The angle that differs from `a` by whole turns, in (-pi, pi].
inline double wrap_angle(double a) {
  const double wrapped = std::remainder(a, 2 * pi);
  return wrapped <= -pi ? pi : wrapped;
}

// One element of an elementwise operation.
[[gnu::always_inline]] inline double apply(Op op, double a, double b, double c) {
  const auto truth = [](bool value) { return value ? 1.0 : 0.0; };
  switch (op) {
    case Op::copy:
      return a;
    case Op::neg:
      return -a;
    case Op::logical_not:
      return truth(a == 0);
    case Op::abs:
      return std::fabs(a);
    case Op::sign:
      return a > 0 ? 1 : a < 0 ? -1 : a;
    case Op::sqrt:
      return std::sqrt(a);
    case Op::exp:
      return std::exp(a);
    case Op::log:
      return std::log(a);
    case Op::sin:
      return std::sin(a);
    case Op::cos:
      return std::cos(a);
    case Op::tan:
      return std::tan(a);
    case Op::tanh:
      return std::tanh(a);
    case Op::floor:
      return std::floor(a);
    case Op::wrap:
      return wrap_angle(a);
    case Op::add:
      return a + b;
    case Op::sub:
      return a - b;
    case Op::mul:
      return a * b;
    case Op::div:
      return a / b;
    case Op::pow:
      return std::pow(a, b);
    case Op::atan2:
      return std::atan2(a, b);
    case Op::min:
      return a < b || a != a ? a : b;  // a NaN on either side is the result
    case Op::max:
      return a > b || a != a ? a : b;
    case Op::lt:
      return truth(a < b);
    case Op::le:
      return truth(a <= b);
    case Op::gt:
      return truth(a > b);
    case Op::ge:
      return truth(a >= b);
    case Op::eq:
      return truth(a == b);
    case Op::ne:
      return truth(a != b);
    case Op::logical_and:
      return truth(a != 0 && b != 0);
    case Op::logical_or:
      return truth(a != 0 || b != 0);
    case Op::select:
      return a != 0 ? b : c;
    default:
      return 0;
  }
}

// A reduction over n > 0 elements, from the first to the last; b is dot's second operand.
template <typename A, typename B>
[[gnu::always_inline]] inline double reduce(Op op, std::uint32_t n, A a, B b) {
  double result = op == Op::norm || op == Op::dot ? a(0) * b(0) : a(0);
  for (std::uint32_t i = 1; i < n; ++i) {
    switch (op) {
      case Op::min_of:
        result = apply(Op::min, result, a(i), 0);
        break;
      case Op::max_of:
        result = apply(Op::max, result, a(i), 0);
        break;
      case Op::norm:
      case Op::dot:
        result += a(i) * b(i);
        break;
      default:
        result += a(i);
        break;
    }
  }
  if (op == Op::mean) return result / n;
  return op == Op::norm ? std::sqrt(result) : result;
}

}  // namespace motet
