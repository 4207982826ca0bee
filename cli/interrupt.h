#pragma once

#include <atomic>

namespace motet::cli {

// From here on Ctrl-C and `kill` set a flag, for commands that have something to save or to tidy up.
const std::atomic<bool>& catch_interrupts();

}  // namespace motet::cli
