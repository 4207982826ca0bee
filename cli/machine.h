#pragma once

// What this machine is: doctor and bench say it.

#include <string>
#include <vector>

namespace motet::cli {

std::string processor();
int cores();  // that this process may use

// The BLAS behind LibTorch and the kernels it chose: "OpenBLAS, kernels for SkylakeX"; "not OpenBLAS".
std::string blas_kernels();
// Environment variables that override its choice: "OPENBLAS_CORETYPE=Haswell".
std::vector<std::string> blas_overrides();

}  // namespace motet::cli
