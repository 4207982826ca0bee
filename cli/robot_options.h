#pragma once

// What the commands that move a robot share.

#include <optional>
#include <string>

#include "cli/command.h"
#include "runtime/control/loop.h"
#include "runtime/links/link_file.h"

namespace motet::cli {

// From here on Ctrl-C, `kill` and a terminal that is closed ask a loop to finish; a second Ctrl-C, or
// SIGUSR1, is an emergency.
LoopRequests& catch_robot_signals();

// `--link FILE`; of `dds`, that of a robot that differs in nothing from its model. `--domain` takes the place
// of the file's. Prints what is wrong.
std::optional<LinkFile> link_of(const Arguments& arguments, const Contract& robot);

}  // namespace motet::cli
