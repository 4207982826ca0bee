#pragma once

// The temperature alpha: fixed, annealed or learnt. No LibTorch in this header.

#include <cstdint>
#include <string>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"

namespace motet {

class TemperatureSchedule {
 public:
  TemperatureSchedule(const Temperature& plan, double target_entropy, double learning_rate);

  // alpha at an environment step. Annealed: from^(1 - p) * to^p with p = step / steps, at most 1.
  double value(std::int64_t step) const;
  // Learnt: one step of Adam on log alpha, down the gradient of Eq. 5.8. Else nothing.
  // entropy: -mean log pi over a batch, nats.
  void update(double entropy);

  void save(Archive& archive, const std::string& name) const;
  Status restore(const Archive& archive, const std::string& name);

 private:
  Temperature plan_;
  double target_entropy_, learning_rate_;
  double log_alpha_;
  double first_ = 0, second_ = 0;  // Adam's moments
  std::int64_t updates_ = 0;
};

}  // namespace motet
