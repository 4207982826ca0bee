#pragma once

#include <string>
#include <variant>

#include "compiler/plan/model_roots.h"
#include "compiler/plan/plan.h"

namespace motet::cli {

// A world of a program, with no skill in it: the one that was named, or the only one. Prints what is wrong
// and returns an exit status.
struct ProgramWorld {
  EnvironmentPlan environment;
  ModelRoots roots;
};
std::variant<ProgramWorld, int> world_of_program(const std::string& file, const std::string& world);

}  // namespace motet::cli
