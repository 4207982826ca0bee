#pragma once

// The energy of a policy pi(a|s) = exp(e(s, a)) / Z(s) (Eq. 3.1, its sign turned): a soft Q-function over
// its temperature, or a composition of several (Ch. 6).

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/engine/perceptron.h"

namespace motet {

// One part: Q(s, a) / alpha.
struct EnergyTerm {
  MlpSizes sizes;                     // of a critic: n + m -> 1
  std::size_t critics = 1;            // with two, Q is the smaller one
  double temperature = 1;             // alpha
  std::vector<std::int64_t> columns;  // of the state s: what this part sees
};

struct EnergyNode {
  enum class Kind {
    term,
    mean,     // sum_i w_i e_i
    softmax,  // log sum_i w_i exp(e_i)
  };
  Kind kind = Kind::term;
  std::size_t term = 0;
  double weight = 1;  // the weights of siblings add up to 1
  std::vector<EnergyNode> children;
};

struct Energy {
  std::vector<EnergyTerm> terms;
  EnergyNode root;
  double scale = 1;  // e = scale * root: below 1 for a higher temperature
};

// e of one row from its terms' values, and d e / d term. values, slopes [terms].
double energy_of(const Energy& energy, std::span<const double> values, std::span<double> slopes);

}  // namespace motet
