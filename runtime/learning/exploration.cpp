#include "runtime/learning/exploration.h"

#include <algorithm>

namespace motet {

OrnsteinUhlenbeckNoise::OrnsteinUhlenbeckNoise(double reversion, double scale, float bound, std::size_t size)
    : reversion_(reversion), scale_(scale), bound_(bound), x_(size) {}

void OrnsteinUhlenbeckNoise::add(std::size_t first, Random& random, std::span<float> action) {
  if (scale_ == 0) return;
  for (std::size_t i = 0; i < action.size(); ++i) {
    double& x = x_[first + i];
    x += -reversion_ * x + scale_ * random.normal();
    action[i] = std::clamp(action[i] + static_cast<float>(x), -bound_, bound_);
  }
}

void OrnsteinUhlenbeckNoise::save(Archive& archive, const std::string& name) const {
  archive.put<double>(name, x_);
}

Status OrnsteinUhlenbeckNoise::restore(const Archive& archive, const std::string& name) {
  return archive.get<double>(name, x_);
}

}  // namespace motet
