#pragma once

namespace motet {

// The threads of tensor operations, in both of their pools: LibTorch's own and, where it is OpenBLAS
// that multiplies, OpenBLAS's. Two pools of all cores each would fight.
void set_compute_threads(int threads);

}  // namespace motet
