#pragma once

// What elaborating an expression gives.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "compiler/check/quantity.h"
#include "compiler/term.h"
#include "language/source.h"

namespace motet::checking {

// The named rewards that an expression is made of, by name, and how they enter it.
struct RewardPart {
  double weight = 1;  // NaN: in another way than a weighted sum
  TermId term = 0;
  Span span;             // of the reward's name where it is declared
  std::size_t rank = 0;  // smaller for one that stands before another in the expression
};
using RewardMix = std::map<std::string, RewardPart>;

struct Value {
  enum class Type : std::uint8_t {
    number,
    truth,
    unknown,  // an error, which has been reported, or an argument that is not known
  };

  TermId term = 0;           // where the length is known
  std::uint32_t length = 1;  // 0: not known
  Type type = Type::number;
  bool quaternion = false;  // w x y z
  bool draws = false;       // a distribution is in it
  Quantity quantity = {};
  std::shared_ptr<const RewardMix> mix = {};

  static Value unknown() { return {.length = 0, .type = Type::unknown}; }
  static Value unknown_number() { return {.length = 0}; }
  static Value unknown_truth() { return {.length = 0, .type = Type::truth}; }
  bool known() const { return length > 0; }
};

}  // namespace motet::checking
