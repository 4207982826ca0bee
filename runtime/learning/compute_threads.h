#pragma once

#include <cstdint>

namespace motet {

// Members of a team for this setting of `threads`: 0 is one a core.
int team_size(std::int64_t threads);

// The threads of tensor operations. LibTorch and OpenBLAS have a pool each, and two pools on the same
// cores wait for each other: so the products get the threads, and all else stays in the caller's.
// Where it is not OpenBLAS that multiplies, LibTorch's pool gets them.
void set_compute_threads(int threads);

}  // namespace motet
