#pragma once

#include <span>
#include <string>

#include "runtime/bundle/onnx_graph.h"
#include "runtime/engine/policy_inference.h"

namespace motet {

// The action [m] of a policy at the observation [n]: a Gaussian's mean, or what another makes of the latent
// [m]. `parameters` [shape.parameters()] become tensors with the names that weight_places(shape, prefix) has.
OnnxVector add_policy(OnnxGraph& graph, const PolicyShape& shape, std::span<const float> parameters,
                      const std::string& prefix, const OnnxVector& observation, const OnnxVector& latent);

}  // namespace motet
