#include "runtime/engine/parameters.h"

#include <cmath>

namespace motet {

void initialize_mlp(const std::vector<std::int64_t>& sizes, std::span<float> parameters, Random& random) {
  std::size_t offset = 0;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    const auto count = static_cast<std::size_t>((sizes[i] + 1) * sizes[i + 1]);
    const auto bound = static_cast<float>(1 / std::sqrt(static_cast<double>(sizes[i])));
    random.fill_uniform(parameters.subspan(offset, count), -bound, bound);
    offset += count;
  }
}

TrainedParameters::TrainedParameters(std::int64_t size, const AdamOptions& options)
    : options_(options),
      values_(static_cast<std::size_t>(size)),
      gradient_(static_cast<std::size_t>(size)),
      first_(static_cast<std::size_t>(size)),
      second_(static_cast<std::size_t>(size)) {}

void TrainedParameters::begin_step() {
  const double t = static_cast<double>(++steps_);
  present_ = {options_.beta1, options_.beta2, options_.learning_rate / (1 - std::pow(options_.beta1, t)),
              1 / std::sqrt(1 - std::pow(options_.beta2, t)), options_.epsilon};
}

void TrainedParameters::step(std::size_t offset, std::size_t size, std::span<float> target, double tau) {
  kernels().adam(present_, static_cast<long>(size), gradient_.values().data() + offset,
                 first_.values().data() + offset, second_.values().data() + offset,
                 values_.values().data() + offset, target.empty() ? nullptr : target.data() + offset, tau);
}

bool TrainedParameters::finite() const {
  return all_finite(values());
}

void TrainedParameters::save(Archive& archive, const std::string& name) const {
  archive.put<float>(name + "/parameters", values_.values());
  archive.put<float>(name + "/adam/first", first_.values());
  archive.put<float>(name + "/adam/second", second_.values());
  archive.put_value(name + "/adam/steps", steps_);
}

Status TrainedParameters::restore(const Archive& archive, const std::string& name) {
  const Status all[] = {archive.get<float>(name + "/parameters", values_.values()),
                        archive.get<float>(name + "/adam/first", first_.values()),
                        archive.get<float>(name + "/adam/second", second_.values()),
                        archive.get_value(name + "/adam/steps", steps_)};
  for (const Status& status : all) {
    if (!status) return status;
  }
  return {};
}

Result<AlignedFloats> read_parameters(const Archive& archive, const std::string& name, std::int64_t count,
                                      const std::string& where) {
  const auto size = static_cast<std::size_t>(count);
  if (archive.size_of(name) != size * sizeof(float))
    return Error{"`" + where + "` does not hold the " + std::to_string(count) + " numbers of `" + name +
                 "` that this skill has; it is from another program, or damaged"};
  AlignedFloats parameters(size);
  if (Status status = archive.get<float>(name, parameters.values()); !status) return status.error();
  if (!all_finite(parameters.values()))
    return Error{"`" + name + "` in `" + where + "` is not finite; train it again"};
  return parameters;
}

bool all_finite(std::span<const float> values) {
  // A sum is infinite or NaN as soon as one of its terms is.
  double sum = 0;
  for (const float value : values) sum += std::abs(static_cast<double>(value));
  return std::isfinite(sum);
}

}  // namespace motet
