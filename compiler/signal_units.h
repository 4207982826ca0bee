#pragma once

#include <vector>

#include "compiler/check/quantity.h"
#include "compiler/model/model.h"
#include "compiler/plan/signal.h"

namespace motet {

namespace si {
inline constexpr auto metre = checking::Quantity::in(checking::powers::length);
inline constexpr auto second = checking::Quantity::in(checking::powers::time);
inline constexpr auto radian = checking::Quantity::in(checking::powers::number, 2);
}  // namespace si

// The unit of each number of a signal. Without a model, the world is that of the kinematic point, whose
// coordinates are metres. Of a sensor nothing is known, and of a sample what it is drawn from tells.
std::vector<checking::Quantity> signal_units(const SignalRef& signal, const ModelInfo* model);

}  // namespace motet
