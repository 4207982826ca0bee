#pragma once

namespace motet {

// The threads of tensor operations. LibTorch and OpenBLAS have a pool each, and two pools on the same
// cores wait for each other: so the products get the threads, and all else stays in the caller's.
// Where it is not OpenBLAS that multiplies, LibTorch's pool gets them.
void set_compute_threads(int threads);

}  // namespace motet
