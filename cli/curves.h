#pragma once

// Learning curves out of run folders.

#include <filesystem>
#include <string>
#include <vector>

#include "cli/chart.h"
#include "compiler/plan/result.h"

namespace motet::cli {

// One column of a metrics.csv against its steps.
struct Curve {
  std::vector<double> step, value;
};

Result<Curve> read_curve(const std::filesystem::path& metrics, const std::string& column);

// Curves of several seeds as one: the interquartile mean at the steps that all of them have, with its
// 95 % interval where there are at least two.
Series combine(const std::string& name, const std::vector<Curve>& seeds);

}  // namespace motet::cli
