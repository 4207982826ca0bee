#pragma once

// What a world is made of underneath: a MuJoCo model or the kinematic point. Signals are bound once
// by reference and then read by index.

#include <memory>
#include <span>
#include <string>

#include "compiler/plan/plan.h"
#include "compiler/plan/result.h"
#include "runtime/archive/archive.h"

struct mjModel_;
struct mjData_;

namespace motet {

class Physics {
 public:
  virtual ~Physics() = default;

  virtual int control_size() const = 0;  // actuators that are driven
  virtual int substeps() const = 0;      // physics steps a control step
  virtual void reset() = 0;              // to the model's initial state
  // One physics step with these controls, in the actuators' own units, clipped to range and limits.
  virtual void advance(std::span<const double> controls) = 0;
  // Brings the derived quantities (positions of bodies, velocities, contacts) up to the state.
  virtual void refresh() = 0;
  // True once after a simulator warning or a NaN; `reason` says which. Cleared by reset().
  virtual bool unstable() const = 0;
  virtual std::string reason() const = 0;

  // A handle for read(). Signals `action` and `sample` are the world's, not the physics'.
  virtual Result<int> bind(const SignalRef& signal) = 0;
  virtual void read(int handle, std::span<double> out) const = 0;
  // Whether the signal is part of the state, so that it is up to date without refresh().
  virtual bool is_state(int handle) const = 0;
  // A handle for assign(): qpos, qvel, joint.pos, joint.vel, body.pos (of a body with a free joint, with
  // slide joints along the axes, a mocap body or a jointless child of the world), body.quat.
  virtual Result<int> bind_target(const SignalRef& target, std::uint32_t offset, std::uint32_t length) = 0;
  virtual void assign(int handle, std::span<const double> values, bool add) = 0;

  // Every body's mass and inertia, times a factor: a model that is wrong.
  virtual void scale_masses(double) {}

  virtual void save(Archive& archive, const std::string& prefix) const = 0;
  virtual Status restore(const Archive& archive, const std::string& prefix) = 0;

  // For the renderer; null where there is no MuJoCo model.
  virtual const mjModel_* model() const { return nullptr; }
  virtual mjData_* data() const { return nullptr; }
  // The children of the world (body indices) whose trees the robot consists of.
  virtual std::span<const int> robot_trees() const { return {}; }
  // Where the point is; empty where there is a MuJoCo model.
  virtual std::span<const double> position() const { return {}; }
};

// `file`: the scene's or the robot's model. The model's joint ranges, force ranges and control
// ranges are tightened to the robot's limits.
Result<std::unique_ptr<Physics>> make_mujoco_physics(const std::string& file, const RobotPlan& robot);
// Each control step moves the point by its action, at most 1 a coordinate; it stays within +-point_field.
inline constexpr double point_field = 7;
std::unique_ptr<Physics> make_point_physics(const RobotPlan& robot);

}  // namespace motet
