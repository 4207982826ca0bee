#pragma once

// What one sees of a training: a line that is redrawn on a terminal, plain lines elsewhere.

#include <chrono>
#include <string>

#include "runtime/learning/training.h"

namespace motet::cli {

class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool terminal) : terminal_(terminal) {}

  void show(const Progress& progress);
  // A line of its own, above the progress.
  void say(const std::string& line);
  // Leaves the last state standing.
  void end();

 private:
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

// "1:02:03", "4:05".
std::string clock_text(double seconds);
// "850", "12.5k", "1.2M".
std::string short_count(double number);

}  // namespace motet::cli
