#pragma once

#include <string>

#include "runtime/control/loop.h"

namespace motet {

class RecordedRun;

// What a person reads of a run, some lines.
std::string to_text(const LoopReport& report, const Controller& controller);
// The same of a run that was recorded, without what no recording holds.
std::string to_text(const RecordedRun& run);
// And while it runs: one line.
std::string line_of(const LoopReport& report);

// "joint.pos(hip)".
std::string text_of(const SignalRef& signal);

}  // namespace motet
