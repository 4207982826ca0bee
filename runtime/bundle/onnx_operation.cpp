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
    case Op::dot:
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

class Operation {
 public:
  explicit Operation(OnnxGraph& graph) : graph_(graph) {}

  OnnxVector elementwise(Op op, const OnnxVector& a, const OnnxVector& b, const OnnxVector& c) {
    switch (op) {
      case Op::copy:
        return a;
      case Op::wrap:
        return wrap(a);
      case Op::atan2:
        return atan2(a, b);
      case Op::lt:
        return compare("Less", a, b);
      case Op::gt:
        return compare("Greater", a, b);
      case Op::eq:
        return compare("Equal", a, b);
      case Op::le:
        return either(compare("Less", a, b), compare("Equal", a, b));
      case Op::ge:
        return either(compare("Greater", a, b), compare("Equal", a, b));
      case Op::ne:
        return negation(compare("Equal", a, b));
      case Op::logical_not:
        return negation(truth(a));
      case Op::logical_and:
        return graph_.map("Mul", {truth(a), truth(b)});
      case Op::logical_or:
        return either(truth(a), truth(b));
      case Op::select:
        return graph_.map("Where", {cast(a, OnnxGraph::bool_type), b, c});
      default:
        return operand_count(op) == 1 ? graph_.map(operator_of(op), {a})
                                      : graph_.map(operator_of(op), {a, b});
    }
  }

  // Over all of a vector: without axes, which are an attribute of some of these operators and an input of
  // others.
  OnnxVector reduction(Op op, const OnnxVector& a, const OnnxVector& b) {
    const OnnxVector whole[] = {op == Op::dot ? graph_.map("Mul", {a, b}) : a};
    return graph_.node(operator_of(op), whole, 1);
  }

 private:
  OnnxVector cast(const OnnxVector& a, std::int64_t type) {
    const OnnxAttribute to[] = {{"to", type}};
    return graph_.map("Cast", {a}, to);
  }

  // 1 or 0. Some runtimes take a constant for the second operand only.
  OnnxVector compare(std::string_view op, const OnnxVector& a, const OnnxVector& b) {
    if (is_constant(a)) return compare(op == "Less" ? "Greater" : op == "Greater" ? "Less" : op, b, a);
    return cast(graph_.map(op, {a, b}), OnnxGraph::float_type);
  }

  // 0 of 0, and 1 of anything else.
  OnnxVector truth(const OnnxVector& a) {
    return cast(cast(a, OnnxGraph::bool_type), OnnxGraph::float_type);
  }
  OnnxVector either(const OnnxVector& a, const OnnxVector& b) { return graph_.map("Max", {a, b}); }
  OnnxVector negation(const OnnxVector& truth) { return graph_.map("Sub", {constant(1), truth}); }

  // a - 2 pi ceil(a / (2 pi) - 1/2)
  OnnxVector wrap(const OnnxVector& a) {
    const OnnxVector turns = graph_.map("Mul", {a, constant(0.5 / pi)});
    const OnnxVector whole = graph_.map("Ceil", {graph_.map("Sub", {turns, constant(0.5)})});
    return graph_.map("Sub", {a, graph_.map("Mul", {whole, constant(2 * pi)})});
  }

  // From the angle between 0 and pi/2 that |y| and |x| have: pi less it where x is negative, then with the sign
  // of y, 1 for 0. What is added to |x| is lost in all but 0.
  OnnxVector atan2(const OnnxVector& y, const OnnxVector& x) {
    constexpr double tiny = std::numeric_limits<float>::min();
    const OnnxVector length = graph_.map("Add", {graph_.map("Abs", {x}), constant(tiny)});
    const OnnxVector angle = graph_.map("Atan", {graph_.map("Div", {graph_.map("Abs", {y}), length})});
    const OnnxVector behind = graph_.map("Relu", {graph_.map("Neg", {graph_.map("Sign", {x})})});
    const OnnxVector sign =
        graph_.map("Sign", {graph_.map("Add", {graph_.map("Sign", {y}), constant(0.5)})});
    const OnnxVector other = graph_.map("Sub", {constant(pi), graph_.map("Mul", {angle, constant(2)})});
    return graph_.map("Mul", {sign, graph_.map("Add", {angle, graph_.map("Mul", {behind, other})})});
  }

  OnnxGraph& graph_;
};

OnnxVector fold_elements(Op op, std::span<const OnnxVector> operands, std::size_t length) {
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
  const auto operand = [&](std::size_t i) { return i < operands.size() ? operands[i] : OnnxVector(); };
  const bool reduces = op_shape(op) == OpShape::reduction;
  if (std::all_of(operands.begin(), operands.end(), is_constant)) {
    std::size_t length = 1;
    for (const OnnxVector& each : operands) length = std::max(length, each.size());
    return reduces ? fold_reduction(op, operands) : fold_elements(op, operands, length);
  }
  Operation operation(graph);
  return reduces ? operation.reduction(op, operand(0), operand(1))
                 : operation.elementwise(op, operand(0), operand(1), operand(2));
}

}  // namespace motet
