#include "runtime/learning/temperature.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "runtime/learning/losses.h"

namespace motet {

TemperatureSchedule::TemperatureSchedule(const Temperature& plan, double target_entropy, double learning_rate)
    : plan_(plan),
      target_entropy_(target_entropy),
      learning_rate_(learning_rate),
      log_alpha_(std::log(plan.from)) {}

double TemperatureSchedule::value(std::int64_t step) const {
  if (plan_.learned) return std::exp(log_alpha_);
  if (plan_.steps <= 0 || plan_.from == plan_.to) return plan_.from;
  const double progress = std::min(1.0, static_cast<double>(step) / static_cast<double>(plan_.steps));
  return plan_.from * std::pow(plan_.to / plan_.from, progress);
}

void TemperatureSchedule::update(double entropy) {
  if (!plan_.learned) return;
  constexpr double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  const double gradient = temperature_gradient(log_alpha_, entropy, target_entropy_);
  ++updates_;
  const double t = static_cast<double>(updates_);
  first_ = beta1 * first_ + (1 - beta1) * gradient;
  second_ = beta2 * second_ + (1 - beta2) * gradient * gradient;
  const double mean = first_ / (1 - std::pow(beta1, t));
  const double deviation = std::sqrt(second_ / (1 - std::pow(beta2, t)));
  log_alpha_ -= learning_rate_ * mean / (deviation + epsilon);
}

void TemperatureSchedule::save(Archive& archive, const std::string& name) const {
  const std::array<double, 3> state{log_alpha_, first_, second_};
  archive.put<double>(name, state);
  archive.put_value(name + "/updates", updates_);
}

Status TemperatureSchedule::restore(const Archive& archive, const std::string& name) {
  std::array<double, 3> state{};
  if (Status status = archive.get<double>(name, state); !status) return status;
  log_alpha_ = state[0];
  first_ = state[1];
  second_ = state[2];
  return archive.get_value(name + "/updates", updates_);
}

}  // namespace motet
