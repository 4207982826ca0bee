#pragma once

#include "cli/command.h"

namespace motet::cli {

// `motet run`: a bundle runs on a robot, here; all else runs `episodes`, which programs without a simulator
// lack.
Command run_command(int (*episodes)(const Arguments&));

// run_robot.cpp and run.cpp.
int run_on_robot(const Arguments& arguments);
int run_episodes(const Arguments& arguments);

// Whether an operand is a bundle, by its name.
bool is_bundle(const std::string& operand);

}  // namespace motet::cli
