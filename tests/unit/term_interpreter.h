#pragma once

// Terms straight from their definition, slowly.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "compiler/term.h"

namespace motet {

using Vector = std::vector<double>;
using Episode = std::vector<std::map<std::string, Vector>>;  // the signals at each step

// What a term is worth at a step, straight from its definition. Before the first step, everything
// was as it is then.
class Interpreter {
 public:
  Interpreter(const TermTable& table, const Episode& episode) : table_(table), episode_(episode) {}

  Vector value(TermId id, std::size_t step) {
    const auto found = known_.find({id, step});
    if (found != known_.end()) return found->second;
    return known_[{id, step}] = compute(id, step);
  }

 private:
  Vector compute(TermId id, std::size_t step) {
    const Term& term = table_[id];
    switch (term.kind) {
      case Term::Kind::constant:
        return term.values;
      case Term::Kind::signal:
        return episode_[step].at(term.signal.name);
      case Term::Kind::previous:
        return value(term.args[0], step == 0 ? 0 : step - 1);
      case Term::Kind::slice: {
        const Vector all = value(term.args[0], step);
        return {all.begin() + term.offset, all.begin() + term.offset + term.length};
      }
      case Term::Kind::concat:
        return join(term.args, [&](TermId arg) { return value(arg, step); });
      case Term::Kind::history: {
        Vector blocks;
        for (std::size_t age = term.offset; age-- > 0;) {
          const Vector block = value(term.args[0], step < age ? 0 : step - age);
          blocks.insert(blocks.end(), block.begin(), block.end());
        }
        return blocks;
      }
      default:
        return operation(term, step);
    }
  }

  static Vector join(const std::vector<TermId>& args, const std::function<Vector(TermId)>& of) {
    Vector all;
    for (const TermId arg : args) {
      const Vector part = of(arg);
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }

  Vector operation(const Term& term, std::size_t step) {
    std::vector<Vector> args;
    std::size_t n = 1;
    for (const TermId arg : term.args) {
      args.push_back(value(arg, step));
      n = std::max(n, args.back().size());
    }
    for (Vector& arg : args) {
      if (arg.size() == 1) arg.resize(n, arg[0]);
    }
    if (term.op >= Op::sum) return {reduced(term.op, args)};
    Vector result(n);
    for (std::size_t i = 0; i < n; ++i) {
      result[i] =
          one(term.op, args[0][i], args.size() > 1 ? args[1][i] : 0, args.size() > 2 ? args[2][i] : 0);
    }
    return result;
  }

  static double reduced(Op op, const std::vector<Vector>& args) {
    double result = op == Op::norm  ? args[0][0] * args[0][0]
                    : op == Op::dot ? args[0][0] * args[1][0]
                                    : args[0][0];
    for (std::size_t i = 1; i < args[0].size(); ++i) {
      const double a = args[0][i];
      if (op == Op::norm)
        result += a * a;
      else if (op == Op::dot)
        result += a * args[1][i];
      else if (op == Op::min_of)
        result = one(Op::min, result, a, 0);
      else if (op == Op::max_of)
        result = one(Op::max, result, a, 0);
      else
        result += a;
    }
    if (op == Op::mean) result /= static_cast<double>(args[0].size());
    return op == Op::norm ? std::sqrt(result) : result;
  }

  static double one(Op op, double a, double b, double c) {
    switch (op) {
      case Op::neg:
        return -a;
      case Op::abs:
        return std::abs(a);
      case Op::sqrt:
        return std::sqrt(a);
      case Op::sin:
        return std::sin(a);
      case Op::tanh:
        return std::tanh(a);
      case Op::floor:
        return std::floor(a);
      case Op::logical_not:
        return a == 0.0;
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
        return std::isnan(a) || std::isnan(b) ? std::nan("") : a < b ? a : b;
      case Op::max:
        return std::isnan(a) || std::isnan(b) ? std::nan("") : a > b ? a : b;
      case Op::lt:
        return a < b;
      case Op::ge:
        return a >= b;
      case Op::logical_and:
        return a != 0.0 && b != 0.0;
      case Op::select:
        return a != 0.0 ? b : c;
      default:
        ADD_FAILURE() << "an operation that the interpreter lacks: " << op_name(op);
        return 0;
    }
  }

  const TermTable& table_;
  const Episode& episode_;
  std::map<std::pair<TermId, std::size_t>, Vector> known_;
};

}  // namespace motet
