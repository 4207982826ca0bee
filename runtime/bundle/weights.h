#pragma once

// A policy's parameters as named matrices, so that other programs can read them, too.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/result.h"
#include "runtime/bundle/tensors.h"
#include "runtime/engine/matrix.h"
#include "runtime/engine/policy_inference.h"

namespace motet {

// Where one matrix lies among the parameters of a policy.
struct WeightPlace {
  std::string
      name;  // "PREFIX.1.weight" [in, out], "PREFIX.1.bias" [out]; of a flow, "PREFIX.coupling_2.0.weight"
  std::vector<std::int64_t> shape;
  std::size_t offset = 0, size = 0;
};

// In the order in which they lie, which is without gaps.
std::vector<WeightPlace> weight_places(const PolicyShape& shape, const std::string& prefix);

std::vector<Tensor> to_tensors(const PolicyShape& shape, std::span<const float> parameters,
                               const std::string& prefix);
// Errors: one is missing, of another shape, or not finite.
Result<AlignedFloats> to_parameters(const PolicyShape& shape, std::span<const Tensor> tensors,
                                    const std::string& prefix);

}  // namespace motet
