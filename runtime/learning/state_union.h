#pragma once

// The union of the states that the parts of a composition have seen, as the composition sees them.

#include <vector>

#include "runtime/learning/skill_energy.h"
#include "runtime/learning/states_file.h"

namespace motet {

// Every state has an equal chance. What its part did not see is taken from a state of another part
// that did: this is right where it is drawn apart from the rest, as the place of an obstacle is.
class StateUnion {
 public:
  // Of the parts of `skill`. Errors: states.bin is missing, damaged, another skill's; a number that the
  // composition sees and no part has seen.
  static Result<StateUnion> load(const SkillPlan& skill, const SkillEnergy& energy,
                                 const FolderOf& folder_of);

  std::int64_t count() const;
  // One state [n].
  void draw(Random& random, std::span<float> state) const;

 private:
  struct Source {
    States states;
    std::vector<std::int64_t> columns;  // of the composition, by the part's own
    // What is missing: columns of the composition, and who has them all.
    struct Gap {
      std::size_t donor;
      std::vector<std::pair<std::int64_t, std::int64_t>> columns;  // of the composition, of the donor
    };
    std::vector<Gap> gaps;
  };
  std::vector<Source> sources_;
};

}  // namespace motet
