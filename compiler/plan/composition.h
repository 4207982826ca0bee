#pragma once

// What a composed skill is made of: `&` and `|` over skills, with weights.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/plan/result.h"

namespace motet {

struct Composition {
  enum class Kind {
    skill,
    mean,     // a & b: the weighted mean of soft Q-functions over temperature (Eq. 6.2)
    softmax,  // a | b: log of the weighted mean of their exponentials
  };
  Kind kind{};
  std::string skill;  // Kind::skill: its name
  double weight = 1;  // beside its siblings
  std::vector<Composition> children;
};

// "(mean a (weight 2 (softmax b \"reach(5, 0)\")))": names that are no plain words stand in quotes.
std::string to_text(const Composition& composition);
// Reads it back. Errors: anything else, a weight that is not positive and finite, more than 100 levels.
Result<Composition> parse_composition(std::string_view text);

// The names in it, each once, in order.
std::vector<std::string> skills_of(const Composition& composition);

}  // namespace motet
