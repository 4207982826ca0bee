#pragma once

#include "cli/command.h"

namespace motet::cli {

// `motet plot`: a recording is drawn here; all else by `runs`, which programs without a simulator lack.
Command plot_command(int (*runs)(const Arguments&));

// plot_recording.cpp and plot.cpp. Both have an --output.
int plot_recording(const Arguments& arguments);
int plot_runs(const Arguments& arguments);

// Whether an operand is a recording, by its name.
bool is_recording(const std::string& operand);

}  // namespace motet::cli
