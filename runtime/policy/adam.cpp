#include "runtime/policy/adam.h"

#include <cmath>

#include "runtime/policy/flat_kernels.h"

namespace motet {

Adam::Adam(ParameterBuffer& buffer, const AdamOptions& options)
    : buffer_(buffer),
      options_(options),
      first_(torch::zeros_like(buffer.values())),
      second_(torch::zeros_like(buffer.values())) {}

void Adam::step() {
  ++steps_;
  const double t = static_cast<double>(steps_);
  const AdamStep step{options_.beta1, options_.beta2,
                      options_.learning_rate / (1 - std::pow(options_.beta1, t)),
                      1 / std::sqrt(1 - std::pow(options_.beta2, t)), options_.epsilon};
  AT_DISPATCH_FLOATING_TYPES(buffer_.values().scalar_type(), "adam", [&] {
    adam_pass<scalar_t>(step, flat<scalar_t>(buffer_.gradient()), flat<scalar_t>(first_),
                        flat<scalar_t>(second_), flat<scalar_t>(buffer_.values()));
  });
}

void Adam::save(Archive& archive, const std::string& name) const {
  archive.put<float>(name + "/first", flat<float>(first_));
  archive.put<float>(name + "/second", flat<float>(second_));
  archive.put_value(name + "/steps", steps_);
}

Status Adam::restore(const Archive& archive, const std::string& name) {
  if (Status status = archive.get<float>(name + "/first", flat<float>(first_)); !status) return status;
  if (Status status = archive.get<float>(name + "/second", flat<float>(second_)); !status) return status;
  return archive.get_value(name + "/steps", steps_);
}

}  // namespace motet
