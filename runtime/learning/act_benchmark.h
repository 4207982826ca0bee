#pragma once

// How long a robot waits for its action.

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/engine/policy_inference.h"

namespace motet {

// Seconds a call.
struct Latency {
  double median = 0, percentile_99 = 0, percentile_99_9 = 0, worst = 0;
};

struct ActSpeed {
  std::string name;
  std::int64_t calls = 0;
  Latency executor, torch;  // Executor::step, and the same networks by LibTorch
  Latency products;  // the policies' products of matrix and vector by themselves: what bounds the executor
};

// Policies from the top, with first values, on noise. The three take turns, a thousand calls each; LibTorch
// every tenth turn.
ActSpeed measure_act(const std::string& name, const std::vector<PolicyShape>& policies, std::int64_t calls);

}  // namespace motet
