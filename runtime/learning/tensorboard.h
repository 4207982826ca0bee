#pragma once

// TensorBoard event files, written by hand: a TFRecord for each event, with the few fields of the
// Event message that a scalar needs.

#include <cstdint>
#include <span>
#include <string>

#include "runtime/learning/training.h"

namespace motet {

// The record that opens a file, and one with the scalars of a step. NaN values are left out.
// wall_time: seconds since 1970.
std::string version_record(double wall_time);
std::string scalars_record(std::int64_t step, double wall_time, std::span<const Metric> scalars);

}  // namespace motet
