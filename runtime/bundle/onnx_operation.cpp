// Each operation by operators of ONNX, in forms that most runtimes take.

#include "runtime/bundle/onnx_operation.h"

#include <algorithm>
#include <limits>

#include "compiler/plan/arithmetic.h"

namespace motet {
namespace {

bool is_constant(const OnnxVector& vector) {
  return std::all_of(vector.begin(), vector.end(), [](const OnnxNumber& each) { return each.is_constant(); });
}

OnnxVector constant(double value) {
  OnnxNumber number;
  number.value = value;
  return {number};
}

// The operator that is the operation; empty: it takes several.
std::string_view operator_of(Op op) {
  switch (op) {
    case Op::neg:
      return "Neg";
    case Op::abs:
      return "Abs";
    case Op::sign:
      return "Sign";
    case Op::sqrt:
      return "Sqrt";
    case Op::exp:
      return "Exp";
    case Op::log:
      return "Log";
    case Op::sin:
      return "Sin";
    case Op::cos:
      return "Cos";
    case Op::tan:
      return "Tan";
    case Op::tanh:
      return "Tanh";
    case Op::floor:
      return "Floor";
    case Op::add:
      return "Add";
    case Op::sub:
      return "Sub";
    case Op::mul:
      return "Mul";
    case Op::div:
      return "Div";
    case Op::pow:
      return "Pow";
    case Op::min:
      return "Min";
    case Op::max:
      return "Max";
    case Op::sum:
      return "ReduceSum";
    case Op::mean:
      return "ReduceMean";
    case Op::min_of:
      return "ReduceMin";
    case Op::max_of:
      return "ReduceMax";
    case Op::norm:
      return "ReduceL2";
    default:
      return {};
  }
}

// The operations that take several operators. Their steps are operations, so that what is constant in them is
// computed at once.
class Composed {
 public:
  explicit Composed(OnnxGraph& graph) : graph_(graph) {}

  // a + 2 pi floor(1/2 - a / (2 pi))
  OnnxVector wrap(const OnnxVector& a) {
    const OnnxVector turns = add(Op::sub, constant(0.5), add(Op::mul, a, constant(0.5 / pi)));
    return add(Op::add, a, add(Op::mul, add(Op::floor, turns), constant(2 * pi)));
  }

  // From the angle between 0 and pi/2 that |y| and |x| have: pi less it where x is negative, then with the
  // sign of y, 1 for 0. What is added to |x| is lost in all but 0.
  OnnxVector atan2(const OnnxVector& y, const OnnxVector& x) {
    constexpr double tiny = std::numeric_limits<float>::min();
    const OnnxVector length = add(Op::add, add(Op::abs, x), constant(tiny));
    const OnnxVector angle = graph_.map("Atan", {add(Op::div, add(Op::abs, y), length)});
    const OnnxVector side = add(Op::sign, x);
    const OnnxVector behind = add(Op::mul, add(Op::sub, add(Op::abs, side), side), constant(0.5));
    const OnnxVector other = add(Op::sub, constant(pi), add(Op::mul, angle, constant(2)));
    const OnnxVector sign = add(Op::sign, add(Op::add, add(Op::sign, y), constant(0.5)));
    return add(Op::mul, sign, add(Op::add, angle, add(Op::mul, behind, other)));
  }

  OnnxVector dot(const OnnxVector& a, const OnnxVector& b) { return add(Op::sum, add(Op::mul, a, b)); }

  // 1 or 0. Some runtimes take a constant for the second operand only.
  OnnxVector compare(Op op, const OnnxVector& a, const OnnxVector& b) {
    const bool swapped = is_constant(a);
    const std::string_view name = op == Op::eq ? "Equal" : (op == Op::lt) != swapped ? "Less" : "Greater";
    return cast(graph_.map(name, swapped ? std::vector{b, a} : std::vector{a, b}), OnnxGraph::float_type);
  }

  // 0 of 0, and 1 of anything else.
  OnnxVector truth(const OnnxVector& a) {
    if (is_constant(a)) return add(Op::ne, a, constant(0));
    return cast(cast(a, OnnxGraph::bool_type), OnnxGraph::float_type);
  }
  OnnxVector negation(const OnnxVector& truth) { return add(Op::sub, constant(1), truth); }

  OnnxVector select(const OnnxVector& a, const OnnxVector& b, const OnnxVector& c) {
    return graph_.map("Where", {cast(a, OnnxGraph::bool_type), b, c});
  }

  OnnxVector add(Op op, const OnnxVector& a) { return add_operation(graph_, op, {{a}}); }
  OnnxVector add(Op op, const OnnxVector& a, const OnnxVector& b) {
    return add_operation(graph_, op, {{a, b}});
  }

 private:
  OnnxVector cast(const OnnxVector& a, std::int64_t type) {
    const OnnxAttribute to[] = {{"to", type}};
    return graph_.map("Cast", {a}, to);
  }

  OnnxGraph& graph_;
};

OnnxVector compose(OnnxGraph& graph, Op op, const OnnxVector& a, const OnnxVector& b, const OnnxVector& c) {
  Composed composed(graph);
  switch (op) {
    case Op::wrap:
      return composed.wrap(a);
    case Op::atan2:
      return composed.atan2(a, b);
    case Op::lt:
    case Op::gt:
    case Op::eq:
      return composed.compare(op, a, b);
    case Op::le:
    case Op::ge:
      return composed.add(Op::max, composed.compare(op == Op::le ? Op::lt : Op::gt, a, b),
                          composed.compare(Op::eq, a, b));
    case Op::ne:
      return composed.negation(composed.compare(Op::eq, a, b));
    case Op::logical_not:
      return composed.negation(composed.truth(a));
    case Op::logical_and:
      return composed.add(Op::mul, composed.truth(a), composed.truth(b));
    case Op::logical_or:
      return composed.add(Op::max, composed.truth(a), composed.truth(b));
    case Op::select:
      return composed.select(a, b, c);
    case Op::dot:
      return composed.dot(a, b);
    default:
      return a;  // copy
  }
}

OnnxVector fold_elements(Op op, std::span<const OnnxVector> operands) {
  std::size_t length = 1;
  for (const OnnxVector& each : operands) length = std::max(length, each.size());
  const auto at = [&](std::size_t operand, std::size_t i) {
    if (operand >= operands.size()) return 0.0;
    return operands[operand][operands[operand].size() == 1 ? 0 : i].value;
  };
  OnnxVector result(length);
  for (std::size_t i = 0; i < length; ++i) result[i].value = apply(op, at(0, i), at(1, i), at(2, i));
  return result;
}

OnnxVector fold_reduction(Op op, std::span<const OnnxVector> operands) {
  const OnnxVector &a = operands.front(), &b = op == Op::dot ? operands.back() : a;
  return constant(reduce(
      op, static_cast<std::uint32_t>(a.size()), [&](std::uint32_t i) { return a[i].value; },
      [&](std::uint32_t i) { return b[i].value; }));
}

}  // namespace

OnnxVector add_operation(OnnxGraph& graph, Op op, std::span<const OnnxVector> operands) {
  const bool reduces = op_shape(op) == OpShape::reduction;
  if (std::all_of(operands.begin(), operands.end(), is_constant))
    return reduces ? fold_reduction(op, operands) : fold_elements(op, operands);
  const std::string_view name = operator_of(op);
  if (name.empty()) {
    const auto operand = [&](std::size_t i) { return i < operands.size() ? operands[i] : OnnxVector(); };
    return compose(graph, op, operand(0), operand(1), operand(2));
  }
  // A reduction is of a whole tensor: axes would be an attribute of some operators and an input of others.
  return reduces ? graph.node(name, operands, 1) : graph.map(name, {operands.begin(), operands.end()});
}

}  // namespace motet
