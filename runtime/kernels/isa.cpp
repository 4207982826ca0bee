// Compiled once for each instruction set: MOTET_KERNELS is its name.

#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/flow.h"
#include "runtime/kernels/gaussian.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/product.h"
#include "runtime/kernels/stein.h"
#include "runtime/kernels/transpose.h"

#define MOTET_JOIN_(a, b) a##b
#define MOTET_JOIN(a, b) MOTET_JOIN_(a, b)
#define MOTET_TEXT_(a) #a
#define MOTET_TEXT(a) MOTET_TEXT_(a)

namespace motet {

extern const Kernels MOTET_JOIN(kernels_, MOTET_KERNELS);
const Kernels MOTET_JOIN(kernels_, MOTET_KERNELS) = {
    MOTET_TEXT(MOTET_KERNELS),        MOTET_KERNELS::product,        MOTET_KERNELS::transpose,
    MOTET_KERNELS::rows_dot,          MOTET_KERNELS::adam,           MOTET_KERNELS::gaussian_sample,
    MOTET_KERNELS::gaussian_gradient, MOTET_KERNELS::stein_direction, MOTET_KERNELS::coupling,
    MOTET_KERNELS::squash};

}  // namespace motet
