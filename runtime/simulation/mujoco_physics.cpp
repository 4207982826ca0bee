// A world underneath which lies a MuJoCo model.

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "compiler/model/model.h"
#include "compiler/model/mujoco_errors.h"
#include "runtime/simulation/mujoco_data.h"
#include "runtime/simulation/mujoco_health.h"
#include "runtime/simulation/mujoco_limits.h"
#include "runtime/simulation/mujoco_names.h"
#include "runtime/simulation/mujoco_robot.h"
#include "runtime/simulation/mujoco_signals.h"
#include "runtime/simulation/mujoco_targets.h"
#include "runtime/simulation/physics.h"

namespace motet {
namespace {

// What a control drives, and the range it is clipped to.
struct Drive {
  int actuator = 0;
  double low = -1, high = 1;
};

struct Parts {
  ModelHandle model;
  DataHandle data;
  int substeps = 1;
  std::vector<Drive> drives;
  std::vector<int> trees;
  std::vector<VelocityLimit> velocity_limits;
};

class MujocoPhysics final : public Physics {
 public:
  explicit MujocoPhysics(Parts parts)
      : parts_(std::move(parts)),
        body_pos_(model_().body_pos, model_().body_pos + 3 * model_().nbody),
        body_quat_(model_().body_quat, model_().body_quat + 4 * model_().nbody),
        before_(static_cast<std::size_t>(model_().nq)),
        warmstart_(static_cast<std::size_t>(model_().nv)) {}

  int control_size() const override { return static_cast<int>(parts_.drives.size()); }
  int substeps() const override { return parts_.substeps; }

  void reset() override;
  void advance(std::span<const double> controls) override;
  void refresh() override;
  bool unstable() const override { return unstable_; }
  std::string reason() const override { return reason_; }

  Result<int> bind(const SignalRef& signal) override;
  bool is_state(int handle) const override { return signals_[static_cast<std::size_t>(handle)].needs == 0; }
  void read(int handle, std::span<double> out) const override {
    read_mujoco_signal(model_(), data_(), parts_.trees, signals_[static_cast<std::size_t>(handle)], out);
  }
  Result<int> bind_target(const SignalRef& target, std::uint32_t offset, std::uint32_t length) override;
  void assign(int handle, std::span<const double> values, bool add) override;

  void scale_masses(double factor) override {
    mjModel& model = model_();
    for (int i = 0; i < model.nbody; ++i) model.body_mass[i] *= factor;
    for (int i = 0; i < 3 * model.nbody; ++i) model.body_inertia[i] *= factor;
    mj_setConst(&model, &data_());
  }

  void save(Archive& archive, const std::string& prefix) const override;
  Status restore(const Archive& archive, const std::string& prefix) override;

  const mjModel_* model() const override { return parts_.model.get(); }
  mjData_* data() const override { return parts_.data.get(); }
  std::span<const int> robot_trees() const override { return parts_.trees; }

 private:
  mjModel& model_() const { return *parts_.model; }
  mjData& data_() const { return *parts_.data; }
  template <typename Visit>
  bool visit_state(Visit visit) const;
  void derive();
  void fail(std::string reason, double time);

  Parts parts_;
  std::vector<double> body_pos_, body_quat_;  // of the model as it was loaded
  std::vector<double> before_, warmstart_;    // scratch
  std::vector<BoundSignal> signals_;
  std::vector<BoundTarget> targets_;
  Needs needs_ = needs_nothing;
  bool unstable_ = false;
  std::string reason_;
};

void MujocoPhysics::reset() {
  mj_resetData(&model_(), &data_());
  std::copy(body_pos_.begin(), body_pos_.end(), model_().body_pos);
  std::copy(body_quat_.begin(), body_quat_.end(), model_().body_quat);
  unstable_ = false;
  reason_.clear();
}

void MujocoPhysics::advance(std::span<const double> controls) {
  if (unstable_) return;
  mjData& data = data_();
  for (std::size_t i = 0; i < parts_.drives.size(); ++i) {
    const Drive& drive = parts_.drives[i];
    data.ctrl[drive.actuator] = std::clamp(controls[i], drive.low, drive.high);
  }
  const double time = data.time;
  if (!parts_.velocity_limits.empty()) std::copy_n(data.qpos, before_.size(), before_.begin());
  try {
    mj_step(&model_(), &data);
  } catch (const MujocoError& error) {
    return fail(std::string("MuJoCo: ") + error.what(), time);
  }
  if (std::string warning = warning_of(model_(), data); !warning.empty())
    return fail(std::move(warning), time);
  for (const VelocityLimit& limit : parts_.velocity_limits) enforce(limit, model_(), data, before_.data());
}

// Reading a signal must not bend the trajectory: mj_forward leaves its solution behind as the next
// step's first guess, so the guess is put back.
void MujocoPhysics::refresh() {
  if (unstable_) return;
  mjData& data = data_();
  if (std::string bad = bad_number_of(model_(), data); !bad.empty()) return fail(std::move(bad), data.time);
  if (needs_ == needs_nothing) return;
  std::copy_n(data.qacc_warmstart, warmstart_.size(), warmstart_.begin());
  try {
    derive();
  } catch (const MujocoError& error) {
    return fail(std::string("MuJoCo: ") + error.what(), data.time);
  }
  std::copy_n(warmstart_.begin(), warmstart_.size(), data.qacc_warmstart);
  if (std::string warning = warning_of(model_(), data); !warning.empty()) fail(std::move(warning), data.time);
}

void MujocoPhysics::derive() {
  mjModel& model = model_();
  mjData& data = data_();
  if (needs_ & needs_dynamics) {
    mj_forward(&model, &data);
  } else {
    mj_kinematics(&model, &data);
    if (needs_ & needs_centres) mj_comPos(&model, &data);
    if (needs_ & needs_velocities) mj_comVel(&model, &data);
  }
  if (needs_ & needs_centre_velocities) mj_subtreeVel(&model, &data);
}

void MujocoPhysics::fail(std::string reason, double time) {
  char at[48];
  std::snprintf(at, sizeof at, ", %.4g s after the reset", time);
  unstable_ = true;
  reason_ = std::move(reason) + at;
  (void)take_mujoco_warnings();  // told already
}

Result<int> MujocoPhysics::bind(const SignalRef& signal) {
  const Result<BoundSignal> bound = bind_mujoco_signal(model_(), data_(), signal);
  if (!bound) return bound.error();
  needs_ |= bound->needs;
  signals_.push_back(*bound);
  return static_cast<int>(signals_.size()) - 1;
}

Result<int> MujocoPhysics::bind_target(const SignalRef& target, std::uint32_t offset, std::uint32_t length) {
  Result<BoundTarget> bound = bind_mujoco_target(model_(), data_(), target, offset, length);
  if (!bound) return bound.error();
  targets_.push_back(std::move(*bound));
  return static_cast<int>(targets_.size()) - 1;
}

void MujocoPhysics::assign(int handle, std::span<const double> values, bool add) {
  assign_mujoco_target(targets_[static_cast<std::size_t>(handle)], values, add);
  mj_normalizeQuat(&model_(), data_().qpos);
}

// All that a step starts from, and what a reset may have changed of the model.
template <typename Visit>
bool MujocoPhysics::visit_state(Visit visit) const {
  const mjModel& model = model_();
  mjData& data = data_();
  const auto part = [&](const char* name, double* first, int count) {
    return visit(name, std::span<double>(first, static_cast<std::size_t>(count)));
  };
  return part("time", &data.time, 1) && part("qpos", data.qpos, model.nq) &&
         part("qvel", data.qvel, model.nv) && part("act", data.act, model.na) &&
         part("ctrl", data.ctrl, model.nu) && part("qacc_warmstart", data.qacc_warmstart, model.nv) &&
         part("mocap_pos", data.mocap_pos, 3 * model.nmocap) &&
         part("mocap_quat", data.mocap_quat, 4 * model.nmocap) &&
         part("body_pos", model.body_pos, 3 * model.nbody) &&
         part("body_quat", model.body_quat, 4 * model.nbody);
}

void MujocoPhysics::save(Archive& archive, const std::string& prefix) const {
  visit_state([&](const char* name, std::span<double> values) {
    archive.put<double>(prefix + "." + name, values);
    return true;
  });
  archive.put_value<std::uint8_t>(prefix + ".unstable", unstable_ ? 1 : 0);
  archive.put_text(prefix + ".reason", reason_);
}

Status MujocoPhysics::restore(const Archive& archive, const std::string& prefix) {
  mj_resetData(&model_(), &data_());
  Status status;
  visit_state([&](const char* name, std::span<double> values) {
    status = archive.get<double>(prefix + "." + name, values);
    return static_cast<bool>(status);
  });
  if (!status) return status;
  std::uint8_t unstable = 0;
  if (Status got = archive.get_value(prefix + ".unstable", unstable); !got) return got;
  Result<std::string> reason = archive.get_text(prefix + ".reason");
  if (!reason) return reason.error();
  unstable_ = unstable != 0;
  reason_ = std::move(*reason);
  refresh();
  return {};
}

Result<int> substeps_of(const mjModel& model, double control_period) {
  const double timestep = model.opt.timestep;
  const double ratio = control_period / timestep;
  const double count = std::max(1.0, std::round(ratio));
  if (std::abs(ratio - count) <= 1e-6 * count) return static_cast<int>(count);
  char text[200];
  std::snprintf(
      text, sizeof text,
      "a control period of %.6g s is not a multiple of the model's timestep of %.6g s; control at %.6g Hz "
      "would be",
      control_period, timestep, 1 / (count * timestep));
  return Error{text};
}

std::vector<Drive> drives_of(const mjModel& model, const RobotPlan& robot,
                             const std::vector<int>& actuators) {
  std::vector<Drive> drives;
  for (std::size_t i = 0; i < actuators.size(); ++i) {
    Drive drive{actuators[i], robot.actuators[i].low, robot.actuators[i].high};
    if (model.actuator_ctrllimited[drive.actuator]) {
      drive.low = std::max(drive.low, model.actuator_ctrlrange[2 * drive.actuator]);
      drive.high = std::min(drive.high, model.actuator_ctrlrange[2 * drive.actuator + 1]);
    }
    drive.high = std::max(drive.low, drive.high);
    drives.push_back(drive);
  }
  return drives;
}

Result<Parts> make_parts(ModelHandle model, const RobotPlan& robot) {
  Parts parts;
  const Result<std::vector<int>> actuators = find_actuators(*model, robot);
  if (!actuators) return actuators.error();
  Result<std::vector<VelocityLimit>> velocity_limits = apply_limits(*model, robot, *actuators);
  if (!velocity_limits) return velocity_limits.error();
  const Result<int> substeps = substeps_of(*model, robot.control_period);
  if (!substeps) return substeps.error();
  parts.substeps = *substeps;
  parts.velocity_limits = std::move(*velocity_limits);
  parts.drives = drives_of(*model, robot, *actuators);
  parts.trees = robot_trees(*model, *actuators);
  try {
    parts.data.reset(mj_makeData(model.get()));
  } catch (const MujocoError& error) {
    return Error{std::string("MuJoCo: ") + error.what()};
  }
  if (!parts.data) return Error{"there is no memory to simulate the model"};
  parts.model = std::move(model);
  return parts;
}

}  // namespace

Result<std::unique_ptr<Physics>> make_mujoco_physics(const std::string& file, const RobotPlan& robot) {
  Result<ModelHandle> model = load_model(file);
  if (!model) return model.error();
  Result<Parts> parts = make_parts(std::move(*model), robot);
  if (!parts) return Error{file + ": " + parts.error().message};
  return std::unique_ptr<Physics>(std::make_unique<MujocoPhysics>(std::move(*parts)));
}

}  // namespace motet
