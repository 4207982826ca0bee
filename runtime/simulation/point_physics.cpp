// The kinematic point: a position in N dimensions that its action moves.

#include <algorithm>
#include <cmath>
#include <vector>

#include "runtime/simulation/physics.h"

namespace motet {
namespace {

constexpr double largest_move = 1;  // a coordinate and control step

struct Target {
  bool velocity = false;
  std::size_t offset = 0, length = 0;
};

// x' = clip(x + clip(a, +-1), +-7), v' = (x' - x) / period.
class PointPhysics final : public Physics {
 public:
  PointPhysics(int dimensions, double period)
      : qpos_(static_cast<std::size_t>(dimensions)), qvel_(qpos_.size()), period_(period > 0 ? period : 1) {}

  int control_size() const override { return static_cast<int>(qpos_.size()); }
  int substeps() const override { return 1; }

  void reset() override {
    std::fill(qpos_.begin(), qpos_.end(), 0.0);
    std::fill(qvel_.begin(), qvel_.end(), 0.0);
    time_ = 0;
    unstable_ = false;
  }
  void advance(std::span<const double> controls) override {
    for (std::size_t i = 0; i < qpos_.size(); ++i) {
      const double before = qpos_[i];
      qpos_[i] = std::clamp(before + std::clamp(controls[i], -largest_move, largest_move), -point_field,
                            point_field);
      qvel_[i] = (qpos_[i] - before) / period_;
    }
    time_ += period_;
  }
  void refresh() override {
    const auto is_finite = [](double x) { return std::isfinite(x); };
    unstable_ = unstable_ || !std::all_of(qpos_.begin(), qpos_.end(), is_finite) ||
                !std::all_of(qvel_.begin(), qvel_.end(), is_finite);
  }
  bool unstable() const override { return unstable_; }
  std::string reason() const override { return unstable_ ? "the state of the point is not a number" : ""; }

  Result<int> bind(const SignalRef& signal) override;
  void read(int handle, std::span<double> out) const override {
    const std::span<const double> source = signals_[static_cast<std::size_t>(handle)];
    std::copy(source.begin(), source.end(), out.begin());
  }
  bool is_state(int) const override { return true; }
  Result<int> bind_target(const SignalRef& target, std::uint32_t offset, std::uint32_t length) override;
  void assign(int handle, std::span<const double> values, bool add) override;

  std::span<const double> position() const override { return qpos_; }

  void save(Archive& archive, const std::string& prefix) const override {
    archive.put<double>(prefix + ".qpos", qpos_);
    archive.put<double>(prefix + ".qvel", qvel_);
    archive.put_value(prefix + ".time", time_);
    archive.put_value<std::uint8_t>(prefix + ".unstable", unstable_ ? 1 : 0);
  }
  Status restore(const Archive& archive, const std::string& prefix) override;

 private:
  std::vector<double> qpos_, qvel_;
  double time_ = 0, period_;
  bool unstable_ = false;
  std::vector<std::span<const double>> signals_;
  std::vector<Target> targets_;
};

Error not_of_a_point(SignalKind kind, const char* what) {
  return Error{"a point has no `" + std::string(signal_name(kind)) + "` to " + what +
               "; it has `qpos`, `qvel` and `time`"};
}

Result<int> PointPhysics::bind(const SignalRef& signal) {
  std::span<const double> source;
  switch (signal.kind) {
    case SignalKind::qpos:
      source = qpos_;
      break;
    case SignalKind::qvel:
      source = qvel_;
      break;
    case SignalKind::time:
      source = {&time_, 1};
      break;
    default:
      return not_of_a_point(signal.kind, "read");
  }
  if (source.size() != signal.length) {
    return Error{"`" + std::string(signal_name(signal.kind)) + "` of the point has " +
                 std::to_string(source.size()) + " values, not " + std::to_string(signal.length)};
  }
  signals_.push_back(source);
  return static_cast<int>(signals_.size()) - 1;
}

Result<int> PointPhysics::bind_target(const SignalRef& target, std::uint32_t offset, std::uint32_t length) {
  if (target.kind != SignalKind::qpos && target.kind != SignalKind::qvel)
    return not_of_a_point(target.kind, "set");
  if (std::uint64_t{offset} + length > qpos_.size()) {
    return Error{"a reset of `" + std::string(signal_name(target.kind)) + "` reaches beyond the " +
                 std::to_string(qpos_.size()) + " values of the point"};
  }
  targets_.push_back({target.kind == SignalKind::qvel, offset, length});
  return static_cast<int>(targets_.size()) - 1;
}

void PointPhysics::assign(int handle, std::span<const double> values, bool add) {
  const Target& target = targets_[static_cast<std::size_t>(handle)];
  for (std::size_t i = 0; i < target.length; ++i) {
    double& number = (target.velocity ? qvel_ : qpos_)[target.offset + i];
    number = add ? number + values[i] : values[i];
    if (!target.velocity) number = std::clamp(number, -point_field, point_field);
  }
}

Status PointPhysics::restore(const Archive& archive, const std::string& prefix) {
  std::uint8_t unstable = 0;
  if (Status got = archive.get<double>(prefix + ".qpos", qpos_); !got) return got;
  if (Status got = archive.get<double>(prefix + ".qvel", qvel_); !got) return got;
  if (Status got = archive.get_value(prefix + ".time", time_); !got) return got;
  if (Status got = archive.get_value(prefix + ".unstable", unstable); !got) return got;
  unstable_ = unstable != 0;
  return {};
}

}  // namespace

std::unique_ptr<Physics> make_point_physics(const RobotPlan& robot) {
  return std::make_unique<PointPhysics>(robot.point_dimensions, robot.control_period);
}

}  // namespace motet
